"""Phrases joined to clauses: where one ends and the next begins, and who is subject and object in each."""

from __future__ import annotations

from collections.abc import Sequence

from ._clauses import Clause, acts_alone, can_act, can_suffer
from ._language import Language, value
from ._phrases import Measure, Noun, Phrase, Small, Verb

LINKS = {"then": "then", "while": "with", "after": "earlier", "before": "then"}
"""What a joining word says of the clause behind it, if it stands between two."""
LEADS = {"while": "with", "after": "then", "before": "earlier"}
"""What it says of the second clause, if it stands before the first."""
ALIKE = {"garment", "outfit", "hair", "beard", "eyes", "skin_mark", "pattern"}


def clauses(phrases: Sequence[Phrase], language: Language) -> list[Clause]:
    """Clauses of a prompt, in order of the text."""
    return _Builder(phrases, language).run()


class _Builder:
    def __init__(self, phrases: Sequence[Phrase], language: Language) -> None:
        self.phrases = phrases
        self.language = language
        self.passive_words = set(language.grammar.get("passive_auxiliaries", []))
        self.order = language.grammar.get("order", "SVO")
        self.done: list[Clause] = []
        self.now = Clause()
        self.separator: int | None = None
        """Number of phrases in the clause at its last comma or "and"."""
        self.helpers: list[Small | Verb] = []
        self.sentence = 0
        self.fallback: list[Noun] = []
        """Subjects of the clause before, for one that names none ("waves, then nods")."""
        self.lead = ""
        """The word a sentence begins with, if it joins clauses ("when", "while")."""

    def run(self) -> list[Clause]:
        for at, phrase in enumerate(self.phrases):
            if isinstance(phrase, Verb):
                self._verb(phrase, at)
            elif isinstance(phrase, Small):
                self._small(phrase, at)
            else:
                self._noun_like(phrase)
        self._close()
        return self.done

    def _noun_like(self, phrase: Noun | Measure) -> None:
        if self.order == "SOV" and self.now.verb is not None and isinstance(phrase, Noun):
            self._next()
        if isinstance(phrase, Noun) and phrase.marker is None:
            self._share_marker(phrase)
            self._appose(phrase)
        self.now.phrases.append(phrase)

    def _share_marker(self, noun: Noun) -> None:
        """ "in a red shirt and black shorts": the second hangs on the same adposition as the first."""
        last = self._last_noun()
        if last is None or last.marker is None or self.separator is None:
            return
        between = self.now.phrases[self.now.phrases.index(last) + 1 :]
        alike = bool(last.classes & ALIKE) and bool(noun.classes & ALIKE)
        alike = alike or (last.role == "with" and bool(last.sense("thing")) and bool(noun.sense("thing")))
        if all(isinstance(p, Small) and p.kind == "and" for p in between) and alike:
            noun.marker = last.marker

    def _appose(self, noun: Noun) -> None:
        """ "Ben, a tall man", "a player named Anna", "my friend Ben": a name and a person without "and" are one."""
        last = self._last_noun()
        if last is None or "person" not in last.classes or "person" not in noun.classes or last.same is not None:
            return
        between = self.now.phrases[self.now.phrases.index(last) + 1 :]
        named = any(isinstance(p, Small) and p.kind == "named" for p in between)
        if any(isinstance(p, Noun | Measure) or (isinstance(p, Small) and p.kind == "and") for p in between):
            return
        one = (last.number or 1) == 1 and not last.plural and (noun.number or 1) == 1 and not noun.plural
        if one and (named or bool(last.name) != bool(noun.name)):
            noun.same = last

    # ── small words ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _small(self, small: Small, at: int) -> None:
        now = self.now
        if small.kind == "end":
            now.mark = small.item.mark
            self._close()
            self.sentence += 1
            self.fallback = []
        elif small.kind == "break":
            self._close()
        elif small.kind in ("comma", "and", "or", "but", "colon", "mark"):
            if small.kind in ("and", "or", "but"):
                now.phrases.append(small)
            self.separator = len(now.phrases)
            if small.kind == "comma" and self.lead and now.verb is not None:
                link = LEADS[self.lead]
                self._close()
                self.now.link = link
        elif small.kind == "quote":
            if (
                now.verb is not None
                and now.phrases
                and isinstance(now.phrases[-1], Small)
                and now.phrases[-1].kind == "quote"
            ):
                self._close()  # a second speech begins
                now = self.now
            now.phrases.append(small)
            self.separator = len(now.phrases)
        elif small.kind in ("then", "while", "after", "before"):
            self._link(small)
        elif small.kind == "relative":
            self._relative()
        elif small.kind in ("negation", "auxiliary", "infinitive") or (
            small.kind == "adposition" and small.item.is_function("infinitive") and self._verb_next(at)
        ):
            self.helpers.append(small)
        else:
            now.phrases.append(small)

    def _verb_next(self, at: int) -> bool:
        """Only adverbs stand between here and a verb."""
        for phrase in self.phrases[at + 1 :]:
            if isinstance(phrase, Verb):
                return True
            if not (
                isinstance(phrase, Small)
                and phrase.kind in ("manner", "negation", "filler", "auxiliary", "chain", "then")
            ):
                return False
        return False

    def _link(self, small: Small) -> None:
        """ "X while Y", "X, then Y", "X after Y"; at the head of a sentence ("when X, Y") it waits for X's end."""
        if self.now.verb is None:
            if self.done and not self.done[-1].mark and any(isinstance(p, Noun) for p in self.now.phrases):
                self._close()
                self.now.link = LINKS[small.kind]
                return
            if small.kind != "then" and not any(isinstance(p, Noun) for p in self.now.phrases):
                self.lead = small.kind
            return
        self._close()
        self.now.link = LINKS[small.kind]

    def _relative(self) -> None:
        if self.now.verb is None:
            self.now.attributive = True
            return
        host = self._last_noun()
        aside = self.separator is not None and self.separator == len(self.now.phrases)  # ", who waves back"
        attributive = Clause(
            subjects=[host] if host else list(self.now.subjects), attributive=True, inherited=True,
            link="then" if aside else "with",
        )  # fmt: skip
        self._close()
        self.now = attributive

    def _last_noun(self) -> Noun | None:
        return next((p for p in reversed(self.now.phrases) if isinstance(p, Noun)), None)

    # ── verbs ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _verb(self, verb: Verb, at: int) -> None:
        only_is = all(s.concept in ("be", "light") for s in verb.senses)
        if only_is and verb.means("be") and self._verb_next(at):
            self.helpers.append(verb)
            return
        for helper in self.helpers:
            item = helper.item
            item.helper = True
            verb.helpers.append(item)
            if isinstance(helper, Small) and helper.kind == "negation":
                verb.negated.append(item)
        infinitive = any(isinstance(h, Small) and h.kind in ("infinitive", "adposition") for h in self.helpers)
        bare = not self.helpers
        self.helpers = []
        if self.now.verb is None:
            self._first_verb(verb, bare)
        else:
            self._second_verb(verb, bare, infinitive)

    def _first_verb(self, verb: Verb, bare: bool) -> None:
        now = self.now
        before = [p for p in now.phrases if isinstance(p, Noun) and p.marker is None]
        if before and not now.subjects and self.separator and not any(can_act(n, verb) for n in before):
            told = self.done[-1] if self.done else None
            if told is not None and told.verb is not None and not told.mark:  # "…, then the rim, and drops in"
                self._close()
                self.now = now = Clause(subjects=list(told.subjects), inherited=True)
                before = []
        now.verb, now.verb_at = verb, len(now.phrases)
        if not now.subjects:
            fits = [n for n in before if can_act(n, verb)]
            fits = [n for n in fits if n.pronoun != "number"] or fits
            now.subjects = fits or before[-1:]
            self._same_person(now)
            if not before and self.fallback:
                now.subjects, now.inherited = list(self.fallback), True
        if bare and (verb.feature("ing") or (verb.feature("pp") and not verb.feature(""))) and now.subjects:
            now.attributive = True
        if self.order == "SOV":
            now.objects = [n for n in before if n not in now.subjects]
        self.separator = None

    def _same_person(self, clause: Clause) -> None:
        """ "The coach, a heavy man, …": persons listed without "and" are one."""
        people = [n for n in clause.subjects if n.sense("person") and not n.plural and (n.number or 1) == 1]
        joined = any(isinstance(p, Small) and p.kind in ("and", "or") for p in clause.phrases)
        if len(people) == len(clause.subjects) > 1 and not joined:
            for noun in people[1:]:
                if noun.determiner == "indefinite" and noun.same is None:
                    noun.same = people[0]

    def _second_verb(self, verb: Verb, bare: bool, infinitive: bool) -> None:
        now = self.now
        cut = self.separator
        assert now.verb is not None  # for the type checker: the caller has looked
        if not now.subjects:
            self._settle(now)
        subjects: list[Noun] = []
        moved: list[Phrase] = []
        if cut is not None and not infinitive:
            tail = now.phrases[cut:]
            own = [p for p in tail if isinstance(p, Noun) and p.marker is None and can_act(p, verb)]
            if own:
                subjects, moved = own, list(tail)
            else:
                moved = [p for p in tail if not isinstance(p, Noun)]
        elif not infinitive:
            subjects = self._host(verb, bare)
        inherited = not subjects
        subjects = subjects or list(now.subjects)
        attributive = bare and cut is None and verb.feature("ing")
        for phrase in moved:
            now.phrases.remove(phrase)
        link = "with" if attributive else "then"
        if self.lead and not attributive:
            link, self.lead = LEADS[self.lead], ""
        lead = self.lead
        self._close()
        self.lead = lead
        self.now = Clause(
            verb=verb, subjects=subjects, phrases=moved, verb_at=len(moved), link=link, attributive=attributive,
            inherited=inherited,
        )  # fmt: skip
        self.separator = None

    def _host(self, verb: Verb, bare: bool) -> list[Noun]:
        """The noun just before a verb that follows without "and" or comma, if it can do it."""
        now = self.now
        if now.attributive and not (bare and verb.feature("ing")):
            return []
        going_on = verb.feature("ing")  # a finite verb is not that of "in a row", "on a table"
        after = [p for p in now.phrases if isinstance(p, Noun) and p not in now.subjects and (going_on or not p.marker)]
        for noun in reversed(after):
            if can_act(noun, verb):
                return [noun]
        return []

    # ── closing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _next(self) -> None:
        self._close()

    def _close(self) -> None:
        now = self.now
        if now.verb is None and any(isinstance(p, Noun) for p in now.phrases):
            self._ellipsis(now)
        if now.verb is not None:
            self._settle(now)
        if now.verb is not None or now.phrases:
            now.sentence = self.sentence
            self.done.append(now)
            self.fallback = list(now.subjects) if now.verb is not None else self.fallback
        for helper in self.helpers:
            self._left_over(helper, now)
        self.helpers = []
        self.now, self.separator, self.lead = Clause(), None, ""

    @staticmethod
    def _left_over(helper: Small | Verb, clause: Clause) -> None:
        """What helps no verb behind it: "is" alone, and a "not" that its language puts behind the verb."""
        if isinstance(helper, Small) and helper.kind == "negation" and clause.verb is not None:
            helper.item.helper = True
            clause.verb.negated.append(helper.item)
        elif isinstance(helper, Verb):
            clause.phrases.append(Small(kind="filler", item=helper.item))

    def _ellipsis(self, clause: Clause) -> None:
        """ "hits the board, then the rim", "a red ball falls, then a blue one": the verb of before is meant again."""
        before = self.done[-1] if self.done else None
        if before is None or before.verb is None or before.mark or before.attributive:
            return
        bare = [p for p in clause.phrases if isinstance(p, Noun) and p.marker is None]
        acting = [n for n in bare if can_act(n, before.verb)]
        suffering = [n for n in bare if can_suffer(n, before.verb)]
        if not (acting or suffering):
            return
        clause.verb, clause.verb_at = before.verb, len(clause.phrases)
        clause.subjects = acting if acting and not (suffering and before.objects) else list(before.subjects)
        clause.inherited = clause.subjects == before.subjects

    def _settle(self, clause: Clause) -> None:
        """Subjects and objects from what stands in the clause."""
        verb = clause.verb
        assert verb is not None  # for the type checker: the caller has looked
        bare = [p for p in clause.phrases if isinstance(p, Noun) and p.marker is None and p not in clause.subjects]
        clause.objects = clause.objects or bare
        self._passive(clause, verb)
        if clause.subjects and not clause.inherited:
            return
        if self.language.grammar.get("inversion") and clause.objects and not clause.passive:
            first = clause.objects[0]
            told = any(isinstance(p, Small) and p.kind == "quote" for p in clause.phrases[: clause.verb_at])
            alone = not clause.subjects and acts_alone(first, verb)
            if can_act(first, verb) and (told or alone or not can_suffer(first, verb)):
                clause.subjects, clause.objects, clause.inherited = self._group(clause), [], False

    def _group(self, clause: Clause) -> list[Noun]:
        assert clause.verb is not None
        return [n for n in clause.objects if can_act(n, clause.verb)]

    def _passive(self, clause: Clause, verb: Verb) -> None:
        agents = [n for n in clause.marked if n.role in self.language.agents and can_act(n, verb)]
        helped = any(h.surface.casefold() in self.passive_words for h in verb.helpers)
        participle = any(s.feature in ("pp", "") for s in verb.senses) and not verb.feature("ing")
        if not any(value(s).get("whom") for s in verb.senses):
            return
        if not ((helped and participle) or (agents and participle)):
            return
        clause.passive = True
        clause.objects = [*clause.subjects, *[o for o in clause.objects if o not in clause.subjects]]
        clause.subjects = agents
        clause.inherited = False
