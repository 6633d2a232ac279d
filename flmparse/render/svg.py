"""Small drawings in SVG: what all pictures share. Captured text can become neither markup nor an order to a terminal.

A drawing is 720 units wide, so that its text of 12 units is still 11 pixels on an A4 page. Colours come from the page's own
custom properties, with colours for a page that has none; shapes, dashes and words say the same without colour.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from flmparse.render.wording import visible

WIDTH = 720
TEXT_SIZE = 12
_MEAN_WIDTH = 0.56
"""Mean width of a character in ems: sans-serif text of names and numbers."""

STYLE = """\
.picture-drawing{max-width:100%;height:auto;background:var(--paper,#fff);font-family:system-ui,sans-serif}
.picture-drawing text{font-size:12px;fill:var(--ink,#18202b)}
.picture-drawing .picture-strong{font-weight:700}
.picture-drawing .picture-quiet{fill:var(--muted,#525e6d)}
.picture-drawing .picture-end{text-anchor:end}
.picture-drawing .picture-middle{text-anchor:middle}
.picture-box{fill:var(--sunk,#f5f7f9);stroke:var(--muted,#525e6d)}
.picture-grid{stroke:var(--line,#d5dbe3);fill:none}
.picture-line,.picture-line-dashes,.picture-line-dots{fill:none;stroke:var(--ink,#18202b);stroke-width:1.5}
.picture-line-dashes{stroke-dasharray:7 4}
.picture-line-dots{stroke-dasharray:2 3}
.picture-target{fill:none;stroke:var(--link,#0b57a4);stroke-width:2.5}
.picture-source{fill:none;stroke:var(--warnings,#7d4b00);stroke-width:2;stroke-dasharray:9 4}
.picture-unshifted,.picture-unknown{fill:none;stroke:var(--inconclusive,#5a3396);stroke-width:2;stroke-dasharray:9 3 2 3}
.picture-dead{fill:none;stroke:var(--nogo,#a8121d);stroke-width:2;stroke-dasharray:2 4}
.picture-cross{fill:none;stroke:var(--nogo,#a8121d);stroke-width:2.5}
.picture-bar-target{fill:var(--link,#0b57a4);stroke:var(--ink,#18202b)}
.picture-bar-source{fill:var(--warnings-tint,#fdf5e2);stroke:var(--warnings,#7d4b00);stroke-width:1.5}
.picture-bar-other{fill:var(--inconclusive-tint,#f4effb);stroke:var(--inconclusive,#5a3396);stroke-width:1.5;stroke-dasharray:4 2}
.picture-bar-dead{fill:var(--paper,#fff);stroke:var(--nogo,#a8121d);stroke-width:2;stroke-dasharray:2 2}
.picture-band{fill:var(--sunk,#f5f7f9);stroke:var(--muted,#525e6d);stroke-dasharray:3 3}
.picture-mark{fill:var(--paper,#fff);stroke:var(--ink,#18202b);stroke-width:1.5}
.picture-step{fill:var(--ink,#18202b);stroke:var(--ink,#18202b)}
"""
"""The style of every picture; each carries it, so that it can stand alone."""

_NOT_IN_XML = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True)
class Picture:
    """A drawing for a report.

    ``id`` is unique among the pictures of a report and fit for an anchor (the page sets it, the drawing itself has none);
    ``title`` and ``description`` are plain text (not escaped, control characters written out), the description says in words what
    the picture shows; ``svg`` is one element.
    """

    id: str
    title: str
    description: str
    svg: str


def plain(text: object) -> str:
    """Return text as it may stand in XML, control characters written out; not escaped."""
    return _NOT_IN_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", visible(str(text)))


def fitted(text: object, width: float) -> str:
    """Return plain text, cut with an ellipsis where it would be wider than ``width`` units."""
    line, room = plain(text), width / (TEXT_SIZE * _MEAN_WIDTH)
    if sum(map(_columns, line)) <= room:
        return line
    kept, used = "", 1.0
    for letter in line:
        used += _columns(letter)
        if used > room:
            break
        kept += letter
    return kept.rstrip() + "…"


def _columns(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    return 1.8 if unicodedata.east_asian_width(letter) in "WF" else 1.0


def number(value: float) -> str:
    """Return a coordinate with at most one decimal, always spelt the same."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


@dataclass
class Drawing:
    """A picture while it is drawn: shapes are added from the back to the front."""

    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, words: object, kind: str = "", *, width: float = WIDTH) -> None:
        """Write a line of text; ``kind`` is blank-separated: strong, quiet, end, middle. Cut at ``width``."""
        classes = " ".join(f"picture-{word}" for word in kind.split())
        chosen = f' class="{classes}"' if classes else ""
        line = escape(fitted(words, width))
        self.parts.append(f'<text x="{number(x)}" y="{number(y)}"{chosen}>{line}</text>')

    def line(self, points: Iterable[tuple[float, float]], kind: str) -> None:
        """Draw a line through points."""
        way = " L".join(f"{number(x)} {number(y)}" for x, y in points)
        self.parts.append(f'<path class="picture-{kind}" d="M{way}"/>')

    def area(self, points: Iterable[tuple[float, float]], kind: str) -> None:
        """Fill the shape that points go round."""
        way = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        self.parts.append(f'<polygon class="picture-{kind}" points="{way}"/>')

    def box(self, x: float, y: float, width: float, height: float, kind: str = "box", *, corner: float = 0) -> None:
        """Draw a rectangle, its corners rounded by ``corner``."""
        radius = f' rx="{number(corner)}"' if corner else ""
        position = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
        self.parts.append(f'<rect class="picture-{kind}" {position}{radius}/>')

    def mark(self, x: float, y: float, shape: str, kind: str = "mark", *, size: float = 4) -> None:
        """Draw one of the marks that tell series apart: circle, square, diamond, triangle, cross."""
        if shape == "circle":
            self.parts.append(f'<circle class="picture-{kind}" cx="{number(x)}" cy="{number(y)}" r="{number(size)}"/>')
        elif shape == "square":
            self.box(x - size, y - size, 2 * size, 2 * size, kind)
        elif shape == "diamond":
            far = size * 1.4
            self.area([(x, y - far), (x + far, y), (x, y + far), (x - far, y)], kind)
        elif shape == "triangle":
            self.area([(x, y - size), (x + size, y + size), (x - size, y + size)], kind)
        else:
            self.line([(x - size, y - size), (x + size, y + size)], "cross")
            self.line([(x - size, y + size), (x + size, y - size)], "cross")

    def picture(self, anchor: str, title: str, description: str, height: float) -> Picture:
        """Return what was drawn as a picture."""
        title, description = plain(title), plain(description)
        names = quoteattr(f"{anchor}-title {anchor}-desc")
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="picture-drawing" role="img" aria-labelledby={names} '
            f'viewBox="0 0 {WIDTH} {number(height)}" width="{WIDTH}" height="{number(height)}">\n'
            f'<title id="{escape(anchor)}-title">{escape(title)}</title>\n<desc id="{escape(anchor)}-desc">{escape(description)}</desc>\n'
            f"<style>\n{STYLE}</style>\n" + "\n".join(self.parts) + "\n</svg>\n"
        )
        return Picture(anchor, title, description, svg)
