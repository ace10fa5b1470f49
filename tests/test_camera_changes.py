"""Finding what changed in a picture, covering it with rectangles, and pictures as files."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundstage.camera import changes, nets, seams
from soundstage.camera.pictures import read_targa, write_png

SIZE = (320, 180)


def probes() -> tuple[np.ndarray, np.ndarray]:
    noise = np.random.default_rng(0).integers(0, 200, (45, 80, 3)).astype(np.uint8)
    return noise, noise.copy()


def test_equal_probes_change_nothing() -> None:
    probe, empty = probes()
    mask, glow = changes.changed(probe, empty, SIZE, [])
    assert not mask.any() and not glow.any() and not changes.feathered(mask).any()
    assert changes.rectangles(np.zeros((180, 320), dtype=np.float32)) == []


def test_a_thing_is_found_with_room_around_it() -> None:
    probe, empty = probes()
    probe[20:26, 30:34] = 255
    weight = changes.feathered(changes.changed(probe, empty, SIZE, [])[0])
    assert weight[80:104, 120:136].min() == 1.0
    assert weight[:50].max() == 0 and weight[:, 250:].max() == 0


def test_a_faint_wide_shadow_is_found_and_one_stray_path_is_not() -> None:
    probe, empty = probes()
    empty[:] = 100
    probe[:] = 100
    probe[10:30, 10:30] = 94  # six levels darker all over
    probe[40, 60] = 180  # one pixel, one path of light
    mask, _ = changes.changed(probe, empty, SIZE, [])
    assert mask[60:100, 60:100].all()
    assert not mask[155:, 230:260].any()


def test_light_that_is_only_felt_is_added_as_measured() -> None:
    """Two levels of bounced light over half the picture, under noise that is the same in both probes."""
    noise = np.random.default_rng(3).integers(-20, 20, (45, 80, 3))
    empty = (120 + noise).astype(np.uint8)
    probe = empty.copy()
    probe[:, 40:] += 2
    mask, glow = changes.changed(probe, empty, SIZE, [])
    assert not mask.any()
    assert np.allclose(glow[40:140, 240:300], 2.0, atol=0.15)
    assert np.abs(glow[40:140, :80]).max() < 0.05


def test_boxes_are_changed_in_any_case() -> None:
    probe, empty = probes()
    mask, _ = changes.changed(probe, empty, SIZE, [(0.5, 0.5, 0.52, 0.53), (-3.0, -3.0, -2.0, -2.0)])
    assert mask[90:95, 160:166].all()
    assert not mask[:40, :40].any()


def test_parts_that_touch_leave_no_line() -> None:
    """The outer pixels of a rendered part are wrong; where two overlap, nothing of them is to be seen."""
    weight = np.zeros((100, 120), dtype=np.float32)
    weight[20:80, 20:100] = 1.0
    rects = [(12, 12, 108, 58), (12, 42, 108, 88)]  # margins of 8 px on each side
    parts = []
    for x0, y0, x1, y1 in rects:
        part = np.full((y1 - y0, x1 - x0, 3), 100.0)
        part[[0, -1]] = part[:, [0, -1]] = 0.0
        parts.append(part)
    made = changes.joined(np.full((100, 120, 3), 30.0), weight, rects, parts)
    assert np.abs(made[20:80, 20:100] - 100).max() < 1.0
    assert np.abs(made[:18] - 30).max() == 0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 160), st.integers(1, 60), st.integers(1, 60)), max_size=6)
)
def test_rectangles_cover_every_changed_pixel(spots: list[tuple[int, int, int, int]]) -> None:
    weight = np.zeros((180, 320), dtype=np.float32)
    for x, y, w, h in spots:
        weight[y : y + h, x : x + w] = 0.5
    covered = np.zeros(weight.shape, dtype=bool)
    for x0, y0, x1, y1 in changes.rectangles(weight):
        assert 0 <= x0 < x1 <= 320 and 0 <= y0 < y1 <= 180
        covered[y0:y1, x0:x1] = True
    assert covered[weight > 0].all()


def test_two_far_spots_make_two_small_rectangles() -> None:
    weight = np.zeros((360, 640), dtype=np.float32)
    weight[10:40, 10:40] = weight[320:350, 600:630] = 1
    area = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in changes.rectangles(weight))
    assert area < 0.1 * 360 * 640


def test_png_holds_the_pixels(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (7, 5, 3)).astype(np.uint8)
    write_png(tmp_path / "a.png", pixels)
    blob = (tmp_path / "a.png").read_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["a.png"]
    at, data = 8, b""
    while at < len(blob):
        (length,), name = struct.unpack_from(">I", blob, at), blob[at + 4 : at + 8]
        body = blob[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", blob, at + 8 + length)[0] == zlib.crc32(name + body)
        data += body if name == b"IDAT" else b""
        at += 12 + length
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(7, 16)
    assert (rows[:, 0] == 2).all()
    assert np.array_equal(np.cumsum(rows[:, 1:], axis=0, dtype=np.uint8).reshape(7, 5, 3), pixels)


def test_targa_is_read_top_row_first(tmp_path: Path) -> None:
    pixels = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    head = struct.pack("<BBBHHBHHHHBB", 0, 0, 2, 0, 0, 0, 0, 0, 3, 2, 24, 0)
    (tmp_path / "a.tga").write_bytes(head + pixels[::-1, :, ::-1].tobytes())
    assert np.array_equal(read_targa(tmp_path / "a.tga"), pixels)
    (tmp_path / "b.tga").write_bytes(b"\0\0\x0a" + head[3:])
    with pytest.raises(ValueError, match="uncompressed"):
        read_targa(tmp_path / "b.tga")


def test_net_hangs_from_the_ring_and_narrows() -> None:
    params = {
        "rim_inner": 0.454,
        "rim_bar": 0.018,
        "rim_height": 3.05,
        "rim_offset": 0.375,
        "net_length": 0.42,
        "net_bottom": 0.25,
    }
    knots = nets.knots(params)
    radius = np.hypot(knots[..., 0], knots[..., 1] - 0.375)
    assert radius[0] == pytest.approx(0.227) and radius[-1] == pytest.approx(0.125)
    assert np.all(np.diff(radius[:, 0]) < 0)
    assert knots[0, 0, 2] - knots[-1, 0, 2] == pytest.approx(0.42)
    lengths = [np.linalg.norm(knots[a] - knots[b]) for a, b in nets.strings()]
    assert min(lengths) > 0.04 and max(lengths) < 0.16


def test_football_edges_have_one_length() -> None:
    pentagons, hexagons, weight = seams.FOOTBALL_CENTRES
    assert len(pentagons) == 6 and len(hexagons) == 10
    assert np.linalg.norm(pentagons, axis=1) == pytest.approx(1) and np.linalg.norm(hexagons, axis=1) == pytest.approx(
        1
    )
    directions = np.random.default_rng(0).normal(size=(200_000, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    black = np.abs(directions @ np.array(pentagons).T).max(1) > weight * np.abs(directions @ np.array(hexagons).T).max(
        1
    )
    assert black.mean() == pytest.approx(0.284, abs=0.02)  # solid angle of 12 pentagons of a truncated icosahedron
