"""Passages about the camera: what is said of pictures, moves, lenses, light and looks, told apart from the story.

A passage is found among the items before phrases are made, so that "the camera follows Anna" never makes anybody
follow and "she follows him" never moves a camera. Words that people and things do as well (follow, rise, turn) count
only where the camera does them: behind a word for it, as an order at the head of a sentence, or going on
from a passage.
What each word does stands in concepts.toml; here is only how the words hang together.
"""

from __future__ import annotations

from collections.abc import Sequence

from ._camera_verbs import VerbReader
from ._camera_words import WordReader, led
from ._language import Node, Sense, value
from ._match import Item
from ._steps import Passage, Step, Words, is_being, item_means
from ._text import END_MARKS, Token

LEADING = {"in", "with", "at", "from", "on", "as", "by", "like", "of", "for", "to"}
"""Adpositions that may lead up to a passage ("in a wide shot", "with an 85 mm lens")."""
JOINING = ("while", "after", "before")
BEHIND = {"while": "during", "after": "at_end", "before": "until"}
"""When a passage is, by the word that joins a clause behind it."""
BEFORE = {"while": "during", "after": "at_end", "before": "until"}
"""… that begins the clause before it."""
BETWEEN = {"while": "during", "after": "at", "before": "at_end"}
"""… that stands between the clause before it and itself."""
NOUNS = {"pan", "tilt", "zoom", "push", "pull", "dolly"}
"""Moves that are named without a hyphen as well ("a slow pan left")."""
BREAK = "|"
"""Mark around a passage that is a clause of its own."""

Found = tuple[list[Step], int, bool]
"""Steps, where they end, and whether they are a clause of their own."""


def apart(items: list[Item], text: str, tokens: Sequence[Token], root: Node) -> list[Item]:
    """The items with each passage about the camera as one item (`Item.passage`); the story's items stay as they are.

    A group of words in `items` that means something else of the camera than of people is taken apart in place.
    """
    return _Finder(items, text, tokens, root).run()


class _Finder(Words):
    def __init__(self, items: list[Item], text: str, tokens: Sequence[Token], root: Node) -> None:
        super().__init__(items)
        self.text, self.tokens, self.root = text, tokens, root
        self.verbs = VerbReader(items, lambda at: self.words.piece(at, ()) is not None, self._loosen)
        self.words = WordReader(items, self.verbs)
        self.out: list[Item] = []
        self.filmed = False
        """This sentence has spoken of the camera already."""

    def run(self) -> list[Item]:
        """The items, passages apart."""
        at = 0
        while at < len(self.items):
            item = self.items[at]
            if item.mark in END_MARKS:
                self.filmed = False
            found = self._passage(at)
            if found is None:
                self.out.append(item)
                at += 1
                continue
            passage, left, at = found
            self._lead(passage)
            self._put(passage, left)
            self.filmed = True
        return self.out

    def _put(self, passage: Passage, left: list[Item]) -> None:
        """The passage as one item; around one that is a clause of its own the story's clauses end."""
        tokens = tuple(sorted(t for i in passage.items for t in i.tokens))
        whole = Item(tokens=tokens, surface=" ".join(i.surface for i in passage.items), passage=passage)
        if passage.whole:
            self.out.append(Item(tokens=(), surface="", mark=BREAK))
        self.out.append(whole)
        self.out.extend(left)
        if passage.whole and not left:
            self.out.append(Item(tokens=(), surface="", mark=BREAK))

    # ── where a passage begins ──────────────────────────────────────────────────────────────────────────────────────

    def _passage(self, at: int) -> tuple[Passage, list[Item], int] | None:
        """The passage that begins here, the story's words that stand within it, and where it ends."""
        found = (
            self._focus_moves(at) or self._agent(at) or self._order(at) or self._owned(at) or self._piece(at)
            or self._named(at)
        )  # fmt: skip
        if found is None:
            return None
        steps, after, whole = found
        passage = Passage(steps=steps, whole=whole)
        after, left = self._go_on(passage, after)
        after = self._told(passage, after)
        passage.items = [i for i in self.items[at:after] if i not in left]
        return passage, left, after

    def _piece(self, at: int) -> Found | None:
        found = self.words.piece(at, self.out)
        return None if found is None else ([found[0]], found[1], False)

    def _agent(self, at: int) -> Found | None:
        """ "The camera slowly pushes in", "we follow him", "the camera is handheld"."""
        early, agent = self.verbs.skip(at) if self._free_before() else (Step(kind=""), at)  # "After a second, the …"
        named = self.means("camera", agent, "camera", "viewer") or self._again(agent)
        if not named or (agent == at and self._behind_adposition()):
            return None
        said, first = self.verbs.skip(agent + 1)
        said.lean(early)
        self._loosen(first, "camera_verb")
        if any(i.is_function("negation") for i in self.items[agent:first]) and self.sense("camera_verb", first):
            still = [*said.items, self.items[first]]
            return [Step(kind="picture", items=still, sense=Sense("picture", "locked"))], first + 1, True
        found = self.verbs.verb(first)
        if found is not None:
            return [found[0].lean(said)], found[1], True
        other = self._piece(first) or self._named(first)
        if other is None:
            return None
        other[0][0].lean(said)
        return other[0], other[1], True

    def _again(self, at: int) -> bool:
        """ "It zooms in", of the camera spoken of before; what only a camera does."""
        if at >= len(self.items) or not self.items[at].is_function("pronoun_one") or not self._free_before():
            return False
        spoken = any(i.passage or i.has("camera") for i in self.out)
        first = self.verbs.skip(at + 1)[1]
        sense = self.sense("camera_verb", first)
        return spoken and sense is not None and not self.items[first].has("verb")

    def _loosen(self, at: int, cls: str) -> None:
        """ "circles around" is one word of the story; of the camera it is a verb and a way."""
        if at >= len(self.items) or len(self.items[at].tokens) < 2:
            return
        if any(s.cls.startswith("camera") or s.cls in ("picture", "look") for s in self.items[at].senses):
            return
        words = [self.tokens[t] for t in self.items[at].tokens]
        nodes = [self.root.next.get(w.text) for w in words]
        if nodes[0] is None or not any(s.cls == cls for s in nodes[0].senses):
            return
        self.items[at : at + 1] = [
            Item(tokens=(t,), surface=w.surface, senses=tuple(n.senses) if n else ())
            for t, w, n in zip(self.items[at].tokens, words, nodes, strict=True)
        ]

    def _behind_adposition(self) -> bool:
        """ "looks at the camera", "towards the camera"."""
        before = self.out[-1] if self.out else None
        return before is not None and before.has("adposition") and not before.passage

    def _order(self, at: int) -> Found | None:
        """ "Slowly push in on Anna.", "Pan left.", "Cut to a close-up"; and "zooming in" behind another passage."""
        if not self._free_before():
            return None
        said, first = self.verbs.skip(at)
        sense = self.sense("camera_verb", first)
        if sense is None or any(i.has("verb") or i.name for i in self.items[at:first]):
            return None
        going = sense.feature in ("ing", "s") and self.filmed and not self.items[first].has("verb")
        if sense.feature and not going:
            return None
        found = self.verbs.verb(first)
        if found is None:
            return None
        step, after = found
        about = bool(step.targets or step.open)
        if step.kind == "move" and not (step.way or about or going or self.ends(after)):
            return None
        if step.kind in ("hold", "show", "focus") and not about:
            return None
        return [step.lean(said)], after, True

    def _free_before(self) -> bool:
        """Nothing stands before it that could do what it says."""
        for item in reversed(self.out):
            if item.passage or item.mark or item.said:
                return True
            if not item.is_function("then", "and", "but", "filler", "directive"):
                return False
        return True

    def _named(self, at: int) -> Found | None:
        """A move as a noun: "slow push-in", "a quick zoom on his face", "a pan left"."""
        said, first = self.verbs.skip(at, articles=True)
        sense = self.sense("camera_verb", first)
        if sense is None or sense.feature:
            return None
        hyphen, article = self._hyphen(first), first > at or led(self.out)
        if not hyphen and not (article and sense.concept in NOUNS):
            return None
        way = self.verbs.way(value(sense), first + 1)
        bare = sense.concept == "zoom" and (self.ends(first + 1) or self.items[first + 1].has("adposition"))
        if not way and not bare:
            return None
        if not hyphen and way and self.verbs.nouns.noun(first + 2) and not self.items[first + 2].has("adposition"):
            return None  # "a pan in the kitchen"
        found = self.verbs.verb(first)
        return None if found is None else ([found[0].lean(said)], found[1], False)

    def _hyphen(self, at: int) -> bool:
        """A hyphen joins it to the next word."""
        if at + 1 >= len(self.items) or not (self.items[at].tokens and self.items[at + 1].tokens):
            return False
        end = self.tokens[self.items[at].tokens[-1]].end
        return self.text[end : end + 1] == "-" and self.tokens[self.items[at + 1].tokens[0]].start == end + 1

    def _owned(self, at: int) -> Found | None:
        """ "over his shoulder", "through her eyes", "from Anna's point of view"."""
        if not self.verbs.adposition(at, "over", "through", "from", "in"):
            return None
        owned = self.verbs.owner(at + 1)
        if owned is None:
            return None
        owner, head, after = owned
        meaning = ""
        if item_means(head, "bodypart", "shoulder") and self.verbs.adposition(at, "over") and self._seen_over():
            meaning = "over_shoulder"
        elif (head.has("eyes") and self.verbs.adposition(at, "through")) or item_means(
            head, "picture", "point_of_view"
        ):
            meaning = "point_of_view"
        if not meaning:
            return None
        step = Step(kind="picture", items=self.items[at:after], sense=Sense("picture", meaning), owner=owner)
        return [step], after, False

    def _seen_over(self) -> bool:
        """ "looks over his shoulder" is not the camera: somebody does it."""
        for item in reversed(self.out):
            if item.mark or item.passage or item.has("camera_part"):
                return True
            if item.has("verb") and not is_being(item):
                return False
        return True

    def _focus_moves(self, at: int) -> Found | None:
        """ "The focus shifts from Anna to Ben"."""
        if not self.means("camera", at, "focus"):
            return None
        said, first = self.verbs.skip(at + 1)
        if self.sense("camera_verb", first) is None:
            return None
        step = Step(kind="pull", items=self.items[at : first + 1], sense=Sense("camera_verb", "pull_focus"))
        after = self.verbs.modifiers(step, {"go": {}}, first + 1)
        return ([step.lean(said)], after, True) if step.targets or step.open else None

    # ── how a passage goes on, and how it hangs in the story ────────────────────────────────────────────────────────

    def _go_on(self, passage: Passage, at: int) -> tuple[int, list[Item]]:
        """More steps behind the first; where they end, and the words of the story among them."""
        while True:
            last = passage.steps[-1]
            if last.open:
                return self._behind_open(last, at)
            then, start = self._glue(at)
            found = self._verb_goes_on(passage, start) if start > at or last.kind == "cut" else None
            found = found or self._owned(start) or self._piece(start) or self._named(start)
            if found is None:
                return at, []
            steps, at, _ = found
            steps[0].then = steps[0].then or then
            passage.steps.extend(steps)

    def _behind_open(self, step: Step, at: int) -> tuple[int, list[Item]]:
        """A noun that stays in the story, and what is said of the camera right behind it."""
        found = self.verbs.nouns.noun(at)
        if found is None:
            return at, []
        start = after = found[1]
        while after < len(self.items):
            further = self.verbs.measured(step, after)
            if further is None and step.kind == "move" and self.verbs.adverb(step, self.items[after]):
                further = after + 1
            if further is None:
                break
            step.items.extend(i for i in self.items[after:further] if i not in step.items)
            after = further
        ended = self.ends(after) or self.items[after].has("function")
        return after if ended else start, list(self.items[at:start])

    def _verb_goes_on(self, passage: Passage, at: int) -> Found | None:
        """ "… and tilts up", ", then pushing in"."""
        said, first = self.verbs.skip(at)
        sense = self.sense("camera_verb", first)
        if sense is None:
            return None
        item = self.items[first]
        own = not item.has("verb")
        behind = self.items[at - 1].is_function("relative")
        moving = passage.whole or passage.steps[-1].kind in ("move", "cut") or self._moves(passage)
        going = sense.feature in ("ing", "s") and own
        if not (going or behind or (moving and sense.feature != "ing" and (passage.whole or own))):
            return None
        found = self.verbs.verb(first)
        return None if found is None else ([found[0].lean(said)], found[1], False)

    @staticmethod
    def _moves(passage: Passage) -> bool:
        return "move" in value(passage.steps[-1].sense)

    def _glue(self, at: int) -> tuple[bool, int]:
        """Past commas, "and", "then", "with", articles; whether what follows comes after what was before."""
        then = False
        while at < len(self.items):
            item = self.items[at]
            passive = any(s.cls == "camera_verb" and s.concept == "follow" and s.feature == "pp" for s in item.senses)
            if passive and self.verbs.adposition(at + 1, "by"):
                then, at = True, at + 2  # "followed by a close-up"
                continue
            if item.is_function("then") and not item.has("camera_moment"):
                then = True
            elif not self._glues(item, at):
                break
            at += 1
        return then, at

    def _glues(self, item: Item, at: int) -> bool:
        if item.mark in (":", "—"):
            return at + 1 < len(self.items) and self.items[at + 1].has("picture", "look")
        if item.mark == "," or item_means(item, "camera_part", "filmed", "aperture"):
            return True
        if item.is_function("while"):
            return self._camera_ahead(at + 1)
        return item.is_function("and", "indefinite", "definite", "relative") or self.verbs.adposition(at, *LEADING)

    def _camera_ahead(self, at: int) -> bool:
        first = self.verbs.skip(at)[1]
        sense = self.sense("camera_verb", first)
        return sense is not None and sense.feature == "ing" and not self.items[first].has("verb")

    def _told(self, passage: Passage, at: int) -> int:
        """ "… as she walks", "… when the ball lands": the clause behind tells when."""
        start = at + 1 if at < len(self.items) and self.items[at].mark == "," else at
        moves = any(s.kind in ("move", "pull") or self._moves(Passage(steps=[s])) for s in passage.steps)
        if start >= len(self.items) or not (passage.whole or moves):
            return at
        sense = _joining(self.items[start])
        if sense is None or not self._verb_ahead(start + 1):
            return at
        passage.beside = "behind"
        passage.how = "at" if sense.feature == "at" else BEHIND[sense.concept]
        return start + 1

    def _verb_ahead(self, at: int) -> bool:
        """The story goes on with a clause: a verb comes before the next mark, and it is not the camera's."""
        for item in self.items[at:]:
            if item.mark or item.said or item.has("camera"):
                return bool(item.said)
            if item.has("verb"):
                return True
        return False

    def _lead(self, passage: Passage) -> None:
        """What stands before a passage and only leads up to it belongs to it; so does the clause that tells when."""
        first = passage.steps[0]
        while self.out:
            item = self.out[-1]
            if item.mark == ":" and len(self.out) > 1 and self._heads(self.out[-2]):  # "Style: claymation."
                passage.items[:0] = self.out[-2:]
                del self.out[-2:]
                continue
            if item.passage or item.mark or item.said or item.name or item.number is not None:
                break
            if item.is_function("then"):
                first.then = True
            elif first.kind in ("move", "picture", "pull", "cut") and self.verbs.adverb(first, item):
                pass
            elif not (
                item.is_function("indefinite", "definite", "directive")
                or self._leads_up(item, passage)
                or (passage.whole and item.is_function("and", "but"))
            ):
                break
            self.out.pop()
            passage.items.insert(0, item)
        self._lead_clause(passage)

    @staticmethod
    def _heads(item: Item) -> bool:
        return item_means(item, "camera_part", "heading", "lens") or item.has("camera")

    def _leads_up(self, item: Item, passage: Passage) -> bool:
        """ "in", "shot with", "is seen from", where they do not belong to the story."""
        if passage.whole:
            return False
        before = self.out[-2] if len(self.out) > 1 else None
        begins = before is None or bool(before.mark)
        sense = item.sense("adposition")
        if sense is not None and sense.concept in LEADING and not item.has("verb"):
            return True
        if item_means(item, "camera_part", "filmed") or item.is_function("self_camera"):
            return True
        if is_being(item):
            return begins or (before is not None and before.is_function("directive", "self_camera"))
        if item_means(item, "act", "shot"):
            return begins or (before is not None and (before.is_function("directive") or is_being(before)))
        return False

    def _lead_clause(self, passage: Passage) -> None:
        """ "When the ball lands, the camera …", "Anna waves while the camera …"."""
        if not passage.whole or not self.out or passage.beside:
            return
        last = self.out[-1]
        if sense := _joining(last):
            self.out.pop()
            passage.items.insert(0, last)
            passage.beside, passage.how = "before", BETWEEN[sense.concept]
            return
        if last.mark != ",":
            return
        sentence: list[Item] = []
        for item in reversed(self.out[:-1]):
            if item.mark in END_MARKS or item.mark == BREAK:
                break
            sentence.insert(0, item)
        lead = next((i for i in sentence if not i.is_function("and", "but") and not i.mark), None)
        if lead is not None and (sense := _joining(lead)) and any(i.has("verb") for i in sentence):
            passage.beside = "before"
            passage.how = "at" if sense.feature == "at" else BEFORE[sense.concept]


def _joining(item: Item) -> Sense | None:
    return next((s for s in item.senses if s.cls == "function" and s.concept in JOINING), None)
