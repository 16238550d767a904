"""SVG files as people and programs make them: each must look the same after sanitizing."""

from __future__ import annotations

from collections.abc import Mapping

from PIL import Image

from tests.pictures.hostile_svgs import data_uri, svg
from tests.pictures.making import encoded, gradient

PICTURE = data_uri("image/png", encoded(gradient((32, 32)), "PNG"))
SIZE = 'width="200" height="160" viewBox="0 0 100 80"'

HONEST: Mapping[str, bytes] = {
    "shapes": svg(
        '<rect x="4" y="4" width="40" height="30" rx="5" fill="#c83" stroke="black" stroke-width="2"/>'
        '<circle cx="70" cy="30" r="18" fill="rgb(20,140,90)" opacity=".7"/>'
        '<ellipse cx="30" cy="60" rx="20" ry="9" fill="hsl(210 60% 50%)"/>'
        '<line x1="50" y1="50" x2="95" y2="75" stroke="red" stroke-dasharray="3 2" stroke-linecap="round"/>'
        '<polyline points="50,70 60,55 70,72" fill="none" stroke="navy"/>'
        '<polygon points="80,50 95,60 85,70" fill="currentColor" color="teal"/>'
        '<path d="M5 75C20 40 40 110 60 70S90 60 95 75Z" fill-rule="evenodd" fill="purple" fill-opacity="50%"/>',
        SIZE,
    ),
    "gradients, clips, masks and patterns": svg(
        '<defs><linearGradient id="a" x2="0" y2="1"><stop stop-color="#f60"/><stop offset="1" stop-color="#06f"/>'
        '</linearGradient><radialGradient id="b" xlink:href="#a" cx="30%" gradientTransform="rotate(20)"/>'
        '<clipPath id="c"><circle cx="30" cy="40" r="25"/></clipPath>'
        '<mask id="m"><rect width="100" height="80" fill="url(#a)"/></mask>'
        '<pattern id="p" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(30)">'
        '<circle cx="4" cy="4" r="3" fill="crimson"/></pattern></defs>'
        '<rect width="60" height="80" fill="url(#b)" clip-path="url(#c)"/>'
        '<rect x="40" width="30" height="80" fill="url(\'#p\')"/>'
        '<rect x="70" width="30" height="80" fill="green" mask="url(#m)"/>',
        SIZE,
    ),
    "filters": svg(
        '<filter id="f" x="-20%" y="-20%" width="140%" height="140%">'
        '<feGaussianBlur in="SourceAlpha" stdDeviation="2"/>'
        '<feOffset dx="2" dy="3" result="o"/><feFlood flood-color="#024" flood-opacity=".6"/>'
        '<feComposite in2="o" operator="in"/>'
        '<feMerge><feMergeNode/><feMergeNode in="SourceGraphic"/></feMerge></filter>'
        '<filter id="t"><feTurbulence type="fractalNoise" baseFrequency=".08" numOctaves="3" seed="4"/>'
        '<feColorMatrix values="0 0 0 0 .3 0 0 0 0 .5 0 0 0 0 .2 0 0 0 1 0"/></filter>'
        '<rect x="10" y="10" width="40" height="40" fill="gold" filter="url(#f)"/>'
        '<rect x="55" y="10" width="40" height="60" filter="url(#t)"/>',
        SIZE,
    ),
    "uses, symbols and markers": svg(
        '<defs><symbol id="s" viewBox="0 0 10 10"><path d="M0 10L5 0L10 10Z"/></symbol>'
        '<marker id="k" markerWidth="6" markerHeight="6" refX="3" refY="3" orient="auto"><circle cx="3" cy="3" r="2"/>'
        '</marker><g id="g"><rect width="9" height="9"/></g></defs>'
        '<use href="#s" x="5" y="5" width="20" height="20" fill="tomato"/><use xlink:href="#g" x="40" y="10"/>'
        '<path d="M10 60L50 40L90 60" stroke="black" fill="none" marker-mid="url(#k)" marker-end="url(#k)"/>',
        SIZE,
    ),
    "text": svg(
        '<text x="5" y="20" font-family="DejaVu Sans, sans-serif" font-size="12" font-weight="bold">Hi '
        '<tspan fill="red" dy="4">&lt;you&gt; &amp; me</tspan></text><path id="p" d="M5 60Q50 30 95 60" fill="none"/>'
        '<text font-size="8"><textPath href="#p" startOffset="10%">along a path</textPath></text>'
        '<text x="5" y="75" font-size="8" xml:space="preserve">a   b <a href="https://example.com">linked</a></text>',
        SIZE,
    ),
    "a style sheet": svg(
        "<style>/* by a drawing program */ .a{fill:#396;stroke:#000} .a,.b{stroke-width:2px}\n#c > rect{fill:url(#g)}"
        " g .b{fill:none;stroke:rgba(200,0,0,.5)} @media print{.a{fill:red}}</style>"
        '<linearGradient id="g"><stop stop-color="navy"/><stop offset="1" stop-color="pink"/></linearGradient>'
        '<rect class="a" x="5" y="5" width="30" height="30"/><g><circle class="b" cx="60" cy="20" r="15"/></g>'
        '<g id="c"><rect x="5" y="45" width="90" height="30"/></g>',
        SIZE,
    ),
    "style attributes": svg(
        '<g style="fill:#c60;stroke:blue;stroke-width:3;opacity:.8;mix-blend-mode:multiply">'
        '<rect x="5" y="5" width="50" height="50" style="fill-opacity:.5; transform: rotate(5deg)"/>'
        '<circle cx="60" cy="45" r="25" style="fill:none !important"/></g>',
        SIZE,
    ),
    "an embedded picture": svg(
        f'<image x="5" y="5" width="60" height="60" preserveAspectRatio="none" xlink:href="{PICTURE}"/>', SIZE
    ),
    "a switch and a nested svg": svg(
        '<switch><foreignObject width="9" height="9" requiredExtensions="urn:x"/><g><svg x="10" y="10" width="50"'
        ' height="50" viewBox="0 0 10 10"><rect width="20" height="5" fill="olive"/></svg></g></switch>',
        SIZE,
    ),
    "links and titles": svg(
        '<title>A &amp; B</title><a href="https://example.com" target="_blank"><rect width="50" height="50"/></a>', SIZE
    ),
    "metadata of other programs": svg(
        '<metadata><c:manifest xmlns:c="http://c2pa.org/manifest">AAAA</c:manifest></metadata>'
        '<s:namedview xmlns:s="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"/><rect width="50" height="40"/>',
        SIZE,
    ),
    "a doctype": svg(
        '<rect width="50" height="40"/>',
        SIZE,
        '<?xml version="1.0" standalone="no"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n<!-- made by hand -->',
    ),
    "no size but a viewBox": svg('<rect x="-5" y="-5" width="50" height="50"/>', 'viewBox="-10 -10 100 80"'),
    "size in millimeters": svg('<rect width="10mm" height="1in"/>', 'width="60mm" height="40mm"'),
    "size in percent": svg('<rect width="50%" height="50%"/>', 'width="100%" height="100%" viewBox="0 0 300 200"'),
    "an aspect ratio kept": svg('<rect width="50" height="50"/>', 'width="200" height="90" viewBox="0 0 50 50"'),
}


def as_drawn(source: bytes) -> Image.Image:
    """Drawn without the sanitizer, 600 pixels on its longest side, as the studio draws."""
    import pyvips

    whole = pyvips.Image.svgload_buffer(source, dpi=96)
    pixels = pyvips.Image.svgload_buffer(source, dpi=96, scale=600 / max(whole.width, whole.height))
    return Image.frombytes("RGBA", (pixels.width, pixels.height), pixels.write_to_memory())
