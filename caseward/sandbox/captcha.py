"""Captcha images: drawn with noise, the same picture for the same id, and read by people only."""

from __future__ import annotations

import hashlib
import random
from datetime import datetime
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat, UnidentifiedImageError

from caseward.sandbox.state import State
from caseward.sandbox.things import CAPTCHA_HOLDS

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SIZE = (160, 56)
SAME_PICTURE = 12.0


def text_of(captcha: str) -> str:
    return "".join(random.Random(f"text {captcha}").choices(LETTERS, k=4))


def draw(captcha: str) -> bytes:
    """The PNG of this id, 160 x 56."""
    dice = random.Random(f"picture {captcha}")
    image = Image.new("RGB", SIZE, (244, 246, 250))
    pen = ImageDraw.Draw(image)
    for _ in range(9):
        ends = [(dice.randrange(SIZE[0]), dice.randrange(SIZE[1])) for _ in range(2)]
        pen.line(ends, fill=_shade(dice, 120, 210), width=dice.choice((1, 2)))
    for place, letter in enumerate(text_of(captcha)):
        tile = Image.new("RGBA", (44, 50), (0, 0, 0, 0))
        font = ImageFont.load_default(dice.randrange(30, 38))
        ImageDraw.Draw(tile).text((9, 2), letter, font=font, fill=(*_shade(dice, 10, 110), 255))
        tile = tile.rotate(dice.randrange(-24, 25), expand=False)
        image.paste(tile, (6 + place * 37 + dice.randrange(-2, 3), dice.randrange(0, 8)), tile)
    for _ in range(260):
        pen.point((dice.randrange(SIZE[0]), dice.randrange(SIZE[1])), fill=_shade(dice, 0, 200))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def accepted(state: State, captcha: str, typed: str, now: datetime) -> bool:
    """Right, not used before, and not older than it holds."""
    shown = state.captchas.get(captcha)
    if shown is None or captcha in state.used_captchas or now - shown.shown_at > CAPTCHA_HOLDS:
        return False
    return typed.upper() == shown.text


def seen_by_a_person(state: State, *, sha256: str = "", png: bytes = b"") -> str | None:
    """What somebody reads who looks at this picture, be it the file or a screenshot of it."""
    digest = sha256 or hashlib.sha256(png).hexdigest()
    for shown in reversed(state.captchas.values()):
        if shown.sha256 == digest:
            return shown.text
    return _alike(state, png) if png else None


def _alike(state: State, png: bytes) -> str | None:
    try:
        with Image.open(BytesIO(png)) as opened:
            picture = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError):
        return None
    # a screenshot may begin half a pixel beside the picture, and is then a row or column larger
    places = [(x, y) for x in range(picture.width - SIZE[0] + 1) for y in range(picture.height - SIZE[1] + 1)]
    views = [picture.crop((x, y, x + SIZE[0], y + SIZE[1])) for x, y in places[:9]] or [picture.resize(SIZE)]
    best: tuple[float, str] | None = None
    for shown in list(state.captchas.values())[-50:]:
        with Image.open(BytesIO(draw(shown.id))) as drawn:
            original = drawn.convert("RGB")
        for view in views:
            distance = sum(ImageStat.Stat(ImageChops.difference(view, original)).mean) / 3
            if best is None or distance < best[0]:
                best = (distance, shown.text)
    return best[1] if best is not None and best[0] < SAME_PICTURE else None


def _shade(dice: random.Random, low: int, high: int) -> tuple[int, int, int]:
    return (dice.randint(low, high), dice.randint(low, high), dice.randint(low, high))
