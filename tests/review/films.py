"""Small real films for tests of the review: what they show is exact, the mp4 is a real one (H.264, AAC).

scene()                      72 pictures: a standing plate, sky and floor; a patterned disc crosses, a ball bounces
scene(pan_px=1.5)            the same with a camera that turns
write(path, pictures, …)     the mp4
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from soundstage.post.colour import planes

Array = NDArray[Any]

WIDTH, HEIGHT, FPS, RATE = 320, 180, 24, 48_000
GRAVITY_PX = 260.0
"""Of the ball [px/s²]."""
FLOOR_Y, BALL_R = 150.0, 7.0
RESTITUTION = 0.8


def scene(
    count: int = 72, *, fps: float = FPS, size: tuple[int, int] = (WIDTH, HEIGHT), pan_px: float = 0.0, seed: int = 0
) -> list[Array]:
    """Pictures (H, W, 3) uint8."""
    width, height = size
    world = _world(width + 400, height, seed)
    grain = np.random.default_rng(seed + 9).normal(0, 0.6, (height, width, 1))  # dither: stands still
    return [_picture(world, grain, n, fps, size, pan_px) for n in range(count)]


def ball_height(time_s: float, drop_px: float = 110.0) -> float:
    """Height of the ball over the floor [px]."""
    fall = np.sqrt(2 * drop_px / GRAVITY_PX)
    if time_s < fall:
        return drop_px - GRAVITY_PX * time_s**2 / 2
    start, speed = fall, RESTITUTION * GRAVITY_PX * fall
    for _ in range(20):
        lasts = 2 * speed / GRAVITY_PX
        if time_s < start + lasts:
            t = time_s - start
            return float(speed * t - GRAVITY_PX * t**2 / 2)
        start, speed = start + lasts, RESTITUTION * speed
    return 0.0


def bounces(seconds: float, drop_px: float = 110.0) -> list[float]:
    """When the ball strikes the floor [s]."""
    at = float(np.sqrt(2 * drop_px / GRAVITY_PX))
    speed, found = RESTITUTION * GRAVITY_PX * at, []
    while at < seconds and speed > 5:
        found.append(at)
        at, speed = at + 2 * speed / GRAVITY_PX, RESTITUTION * speed
    return found


def _texture(shape: tuple[int, int], fine: float, seed: int) -> Array:
    noise = np.random.default_rng(seed).normal(0, 1, shape).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), fine)
    return np.asarray(soft / soft.std())


def _world(width: int, height: int, seed: int) -> Array:
    """What stands still, (height, width, 3) float."""
    y = np.arange(height)[:, None] / height
    x = np.arange(width)[None, :]
    sky = np.broadcast_to(150 - 60 * y + 0 * x, (height, width)).astype(np.float32)
    floor = 95 + 14 * _texture((height, width), 1.6, seed + 1)
    far = np.clip((np.arange(height)[:, None] - 0.62 * height) + 0.5, 0, 1)
    grey = sky * (1 - far) + floor * far
    colour = grey[..., None] * np.array([0.95, 1.0, 1.05], dtype=np.float32)
    for left in (40, 240, 480):  # plates with clean, oblique edges
        inside = np.ones((height, width), dtype=np.float32)
        lean = np.radians(8.0)
        u = (x - left) * np.cos(lean) + (y * height - 55) * np.sin(lean)
        v = -(x - left) * np.sin(lean) + (y * height - 55) * np.cos(lean)
        for edge in (u, 44 - u, v + 25, 25 - v):
            inside *= np.clip(edge + 0.5, 0, 1).astype(np.float32)
        plate = np.array([205.0, 200.0, 190.0]) if left != 240 else np.array([40.0, 45.0, 60.0])
        colour = colour * (1 - inside[..., None]) + plate * inside[..., None]
    return colour


def _picture(world: Array, grain: Array, n: int, fps: float, size: tuple[int, int], pan_px: float) -> Array:
    width, height = size
    shift = np.array([[1, 0, -pan_px * n], [0, 1, 0]], dtype=np.float32)
    shown = cv2.warpAffine(world, shift, (width, height), flags=cv2.INTER_CUBIC) if pan_px else world[:, :width].copy()
    time_s = n / fps
    _disc(shown, 60 + 55 * time_s - pan_px * n, 128.0, 22.0)
    _ball(shown, width - 60 + 6 * time_s - pan_px * n, FLOOR_Y - BALL_R - ball_height(time_s), BALL_R)
    return np.clip(np.rint(shown + grain), 0, 255).astype(np.uint8)


def _disc(shown: Array, x: float, y: float, radius: float) -> None:
    """A disc with a pattern of its own."""
    pattern = 120 + 45 * _texture((64, 64), 1.8, 77)
    r = int(radius) + 2
    left, top = int(np.floor(x)) - r, int(np.floor(y)) - r
    ys, xs = np.mgrid[top : top + 2 * r + 1, left : left + 2 * r + 1].astype(np.float32)
    values = cv2.remap(pattern, xs - np.float32(x) + 32, ys - np.float32(y) + 32, cv2.INTER_CUBIC)
    _paint(shown, xs, ys, x, y, radius, values[..., None] * np.array([1.1, 0.9, 0.6]))


def _ball(shown: Array, x: float, y: float, radius: float) -> None:
    r = int(radius) + 2
    left, top = int(np.floor(x)) - r, int(np.floor(y)) - r
    ys, xs = np.mgrid[top : top + 2 * r + 1, left : left + 2 * r + 1].astype(np.float32)
    shade = 1.0 - 0.3 * np.hypot(xs - x + 2, ys - y + 2) / radius
    _paint(shown, xs, ys, x, y, radius, shade[..., None] * np.array([215.0, 60.0, 40.0]))


def _paint(shown: Array, xs: Array, ys: Array, x: float, y: float, radius: float, colour: Array) -> None:
    cover = np.clip(radius - np.hypot(xs - x, ys - y) + 0.5, 0, 1)[..., None]
    height, width = shown.shape[:2]
    top, left = int(ys[0, 0]), int(xs[0, 0])
    a, b = max(top, 0), min(top + ys.shape[0], height)
    c, d = max(left, 0), min(left + xs.shape[1], width)
    if a >= b or c >= d:
        return
    part = (slice(a - top, b - top), slice(c - left, d - left))
    shown[a:b, c:d] = shown[a:b, c:d] * (1 - cover[part]) + colour[part] * cover[part]


def knocks(times: Iterable[float], seconds: float) -> Array:
    """Sound with a knock at each time, (N, 2) float32."""
    count = round(seconds * RATE)
    sound = np.random.default_rng(5).normal(0, 0.001, count)
    for at in times:
        start = round(at * RATE)
        t = np.arange(min(count - start, RATE // 5)) / RATE
        sound[start : start + len(t)] += 0.3 * np.exp(-t / 0.02) * sum(np.sin(6.28 * f * t) for f in (700, 1900, 3300))
    return np.repeat(sound[:, None], 2, axis=1).astype(np.float32)


def write(
    path: Path,
    pictures: Sequence[Array] = (),
    *,
    fps: int = FPS,
    sound: Array | None = None,
    times_ms: Sequence[int] | None = None,
    crf: int = 10,
    x264: str = "",
    tags: bool = True,
    rotation: int = 0,
    deep: bool = False,
    sound_delay: int = 0,
    faststart: bool = True,
    comment: str = "",
) -> Path:
    """An mp4; `times_ms` gives each picture its own time stamp, `deep` writes 10 bits, `sound_delay` is in samples."""
    options = {"movflags": "+faststart"} if faststart else {}
    with av.open(str(path), "w", format="mp4", options=options) as film:
        if comment:
            film.metadata["comment"] = comment
        video, audio = None, None
        if len(pictures):
            video = _video(
                film, pictures[0].shape, fps, crf=crf, x264=x264, tags=tags, deep=deep, fine=times_ms is not None
            )
            if rotation:
                video.set_display_rotation(rotation)
        if sound is not None:
            audio = film.add_stream("aac", rate=RATE, layout="stereo")
            audio.bit_rate = 192_000
        base = Fraction(1, 1000) if times_ms is not None else Fraction(1, fps)
        for n, rgb in enumerate(pictures):
            frame = _frame(rgb, deep=deep, tags=tags)
            frame.pts, frame.time_base = (times_ms[n] if times_ms is not None else n), base
            film.mux(video.encode(frame))
        if video is not None:
            film.mux(video.encode(None))
        if audio is not None and sound is not None:
            for start in range(0, len(sound), 1024):
                piece = np.ascontiguousarray(sound[start : start + 1024].T)
                block = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
                block.sample_rate, block.pts, block.time_base = RATE, start + sound_delay, Fraction(1, RATE)
                film.mux(audio.encode(block))
            film.mux(audio.encode(None))
    return path


def _video(film: Any, shape: Any, fps: int, *, crf: int, x264: str, tags: bool, deep: bool, fine: bool) -> Any:
    video = film.add_stream("libx264", rate=fps)
    video.height, video.width = shape[:2]
    video.pix_fmt = "yuv420p10le" if deep else "yuv420p"
    video.time_base = Fraction(1, 1000) if fine else Fraction(1, fps)
    video.options = {"crf": str(crf), "preset": "veryfast", "x264-params": x264 or "threads=2:aq-mode=3"}
    context = video.codec_context
    if fine:
        context.time_base = Fraction(1, 1000)
    if tags:
        context.color_range = context.color_primaries = context.color_trc = context.colorspace = 1
    return video


def _frame(rgb: Array, *, deep: bool, tags: bool) -> Any:
    frame = av.VideoFrame(rgb.shape[1], rgb.shape[0], "yuv420p10le" if deep else "yuv420p")
    for plane, values in zip(frame.planes, planes(rgb), strict=True):
        kind = np.uint16 if deep else np.uint8
        rows = np.zeros((plane.height, plane.line_size // np.dtype(kind).itemsize), dtype=kind)
        rows[:, : plane.width] = values.astype(kind) * (4 if deep else 1)
        plane.update(rows)
    if tags:
        frame.colorspace = frame.color_range = 1
    return frame
