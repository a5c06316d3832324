"""What a phone's camera sees: a points card held by hand over a counter, moving, tilted, badly lit and noisy.

Chromium plays such a film in place of a camera: frames of JPEG one after the other, thirty a second, again and again.
"""

import io
import math
import random
from functools import cache
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from pointshop.people.qr import card_qr_png

SIZE = (640, 480)
FRAMES = 60
_CARD = (428, 270)


def card_face(url: str) -> Image.Image:
    """The card as it is printed, roughly: red head, code on the left, writing beside it."""
    face = Image.new("RGB", _CARD, "#fdf8ec")
    draw = ImageDraw.Draw(face)
    draw.rectangle((0, 0, _CARD[0], 46), fill="#b5121b")
    for line, width in enumerate((170, 120, 150)):
        draw.rectangle((230, 90 + 40 * line, 230 + width, 104 + 40 * line), fill="#5a4a3c")
    code = Image.open(io.BytesIO(card_qr_png(url, module_pixels=6))).convert("RGB").resize((190, 190))
    face.paste(code, (14, 62))
    return face


def frame(face: Image.Image, step: int, chance: random.Random, *, harsh: float) -> Image.Image:
    """One picture. step: of FRAMES; harsh: 0 for a still card in good light, 1 for market day."""
    turn = 2 * math.pi * step / FRAMES
    angle = harsh * 28 * math.sin(turn) + harsh * 4 * chance.uniform(-1, 1)
    scale = 1.06 + harsh * 0.18 * math.sin(turn * 2)
    width, height = (round(side * scale) for side in _CARD)
    lean = harsh * 0.16 * math.cos(turn)
    card = face.resize((width, height), Image.Resampling.BICUBIC).convert("RGBA")
    card = card.transform(card.size, Image.Transform.PERSPECTIVE, _tilt(width, height, lean), Image.Resampling.BICUBIC)
    card = card.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    scene = Image.new("RGB", SIZE, "#7d756b")
    at = (
        round(SIZE[0] / 2 - card.width / 2 + 40 + harsh * 45 * math.sin(turn * 2)),
        round(SIZE[1] / 2 - card.height / 2 + harsh * 30 * math.cos(turn)),
    )
    scene.paste(card, at, card)
    if harsh:
        scene = _lit(scene, turn)
        scene = scene.filter(ImageFilter.GaussianBlur(0.5 + 0.5 * abs(math.sin(turn * 3))))
        scene = ImageChops.add(scene, _grain(step % 5), scale=1, offset=-128)
    return scene


def _tilt(width: int, height: int, lean: float) -> list[float]:
    """Coefficients that let the far edge look shorter; the eight of Pillow's perspective."""
    return [1, lean / 2, -lean * height / 4, 0, 1 + abs(lean) / 3, 0, 0, lean / height]


def _lit(scene: Image.Image, turn: float) -> Image.Image:
    """Light from one side, and a shadow that wanders."""
    light = (
        Image.linear_gradient("L").rotate(90 + 40 * math.sin(turn)).resize(SIZE).point(lambda value: 90 + value * 0.62)
    )
    return ImageChops.multiply(scene, light.convert("RGB"))


@cache
def _grain(number: int) -> Image.Image:
    """The noise of a small sensor; a few pictures of it do for a whole film."""
    return Image.effect_noise(SIZE, 30).convert("RGB")


def shoot(url: str, file: Path, *, harsh: float = 1.0, seed: int = 7) -> None:
    """Write a film of FRAMES pictures of the card."""
    face = card_face(url)
    chance = random.Random(seed)
    with file.open("wb") as out:
        for step in range(FRAMES):
            frame(face, step, chance, harsh=harsh).save(out, "JPEG", quality=70)
