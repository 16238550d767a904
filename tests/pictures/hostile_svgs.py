"""SVG files that want to run, to fetch, or to never end. HARMLESS_AFTER: sanitized to nothing; REFUSED: never kept."""

from __future__ import annotations

import codecs
from base64 import b64encode
from collections.abc import Callable, Mapping

from PIL import Image

from tests.pictures.hostile_rasters import animated, data
from tests.pictures.making import encoded, gradient

NAMESPACE = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
# All that a file of this corpus asks for, it asks for here; so this name may be in no sanitized copy.
EVIL = "http://evil.test/x"


def svg(content: str, attributes: str = 'width="64" height="64"', before: str = "") -> bytes:
    return f"{before}<svg {NAMESPACE} {attributes}>{content}</svg>".encode()


def data_uri(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(data).decode()}"


def image(href: str) -> bytes:
    return svg(f'<image width="9" height="9" href="{href}"/><image width="9" height="9" xlink:href="{href}"/>')


HTML = data_uri("text/html", b"<script>alert(1)</script>")
INNER_SVG = data_uri("image/svg+xml", svg("<script>alert(1)</script>"))
ENTITY = '<!DOCTYPE svg [<!ENTITY a "{}">]>'

HARMLESS_AFTER: Mapping[str, Callable[[], bytes]] = {
    # to run
    "script": lambda: svg("<script>alert(1)</script><script href='http://evil.test/x'/>"),
    "script of another namespace": lambda: svg(
        "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script>"
        "<script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script><script xmlns=''>alert(1)</script>"
    ),
    "script inside what is left out": lambda: svg("<metadata><g><script>alert(1)</script></g></metadata>"),
    "script after a skipped element": lambda: svg("<foo><bar/></foo><script>alert(1)</script><rect/>"),
    "events": lambda: svg(
        '<rect onclick="alert(1)" onload="alert(1)" onbegin="alert(1)" ONERROR="alert(1)"/>', 'onload="alert(1)"'
    ),
    "event of a namespace": lambda: svg('<rect xmlns:a="urn:a" a:onload="alert(1)"/>'),
    "foreignObject": lambda: svg(
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><iframe src='javascript:alert(1)'/></body>"
        "</foreignObject>"
    ),
    "javascript link": lambda: svg(
        '<a href="javascript:alert(1)"><text>a</text></a><a xlink:href="java&#10;script:alert(1)"><rect/></a>'
    ),
    "animated link": lambda: svg(
        '<a id="a"><rect/><animate attributeName="href" to="javascript:alert(1)"/></a>'
        '<set href="#a" attributeName="href" to="javascript:alert(1)"/>'
    ),
    "animated everything": lambda: svg(
        '<rect><animateTransform onbegin="alert(1)"/><animateMotion/><animateColor/><discard/><mpath/></rect>'
    ),
    "handler and listener": lambda: svg(
        '<handler xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">alert(1)</handler>'
        '<listener event="load" handler="#a"/>'
    ),
    "embedded pages": lambda: svg(
        f'<iframe src="{EVIL}"/><embed src="{EVIL}"/><object data="{EVIL}"/><video src="{EVIL}"/><audio src="{EVIL}"/>'
    ),
    "tags in CDATA": lambda: svg("<text><![CDATA[</text><script>alert(1)</script>]]></text>"),
    "tags in a style": lambda: svg("<style><![CDATA[</style><script>alert(1)</script>]]></style>"),
    "tags in a title": lambda: svg(
        "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title><desc>&lt;img/onerror=x&gt;</desc>"
    ),
    "tags in an attribute": lambda: svg("<rect id='\"&gt;&lt;script&gt;alert(1)&lt;/script&gt;'/>"),
    "use of html data": lambda: svg(f'<use href="{HTML}"/><use xlink:href="{INNER_SVG}#a"/>'),
    "processing instructions": lambda: svg(
        "<?php echo 1 ?>",
        before='<?xml version="1.0"?><?xml-stylesheet href="http://evil.test/x.xsl" type="text/xsl"?>',
    ),
    "prefixed root": lambda: (
        b'<x:svg xmlns:x="http://www.w3.org/2000/svg" width="9" height="9"><x:script>alert(1)</x:script>'
        b'<x:rect onload="alert(1)"/></x:svg>'
    ),
    "comment tricks": lambda: svg("<!-- --><script>alert(1)</script><!-- -->"),
    "UTF-16": lambda: svg("<script>alert(1)</script><rect/>").decode().encode("utf-16"),
    "UTF-16 with a declaration": lambda: (
        codecs.BOM_UTF16_BE
        + svg("<script>alert(1)</script>", before='<?xml version="1.0" encoding="utf-16"?>')
        .decode()
        .encode("utf-16-be")
    ),
    "latin-1": lambda: (
        svg("<text>caf\u00e9</text><script>alert(1)</script>", before='<?xml version="1.0" encoding="iso-8859-1"?>')
        .decode()
        .encode("latin-1")
    ),
    # to fetch
    "external picture": lambda: image(EVIL),
    "picture without a scheme": lambda: image("//evil.test/x"),
    "picture of a file": lambda: image("file:///etc/passwd"),
    "picture by a relative path": lambda: image("../../../etc/passwd"),
    "picture of html": lambda: image(HTML),
    "picture of svg": lambda: image(INNER_SVG),
    "picture of a gif": lambda: image(data_uri("image/gif", encoded(gradient((8, 8)), "GIF"))),
    "picture of a bomb": lambda: image(data_uri("image/png", data("png bomb"))),
    "picture that moves": lambda: image(data_uri("image/webp", animated("WEBP"))),
    "picture that lies about its type": lambda: image(data_uri("image/png", b"<svg/>")),
    "picture that is no base64": lambda: image("data:image/png,evil.test"),
    "external use": lambda: svg(f'<use href="{EVIL}#a"/><use xlink:href="//evil.test/x#a"/><use href="x.svg#a"/>'),
    "external paint": lambda: svg(
        f'<rect fill="url({EVIL}#a)" filter="url(\'{EVIL}#a\')" mask="url(&quot;{EVIL}&quot;)"/>'
        f'<rect style="fill:url({EVIL})"/>'
    ),
    "external paint with a fallback": lambda: svg(f'<rect fill="url(#a) url({EVIL})" stroke="URL( {EVIL} )"/>'),
    "external gradient and filter": lambda: svg(
        f'<linearGradient href="{EVIL}#a"/><filter><feImage href="{EVIL}"/></filter><textPath xlink:href="{EVIL}"/>'
    ),
    "base address": lambda: svg('<g xml:base="http://evil.test/"><use href="#a"/></g>', 'xml:base="http://evil.test/"'),
    "import": lambda: svg("<style>@import url(http://evil.test/x); @import 'http://evil.test/x';</style>"),
    "import behind a comment": lambda: svg(
        "<style>@im/**/port 'http://evil.test/x'; /* } */ @import/**/'//evil.test'</style>"
    ),
    "import behind an escape": lambda: svg(
        "<style>@\\69mport 'http://evil.test/x'; rect{fill:\\75rl(//evil.test)}</style>"
    ),
    "font": lambda: svg("<style>@font-face{font-family:a;src:url(http://evil.test/x)} text{font-family:a}</style>"),
    "url in a style": lambda: svg(
        "<style>rect{fill:url(http://evil.test/x)} *{background:url(//evil.test/x);cursor:url(//evil.test/x),auto}"
        "</style><rect style='background-image:url(http://evil.test/x);list-style:url(//evil.test)'/>"
    ),
    "image-set and friends": lambda: svg(
        "<style>rect{mask:image-set('http://evil.test/x' 1x);fill:src('//evil.test')}</style>"
        "<style>rect{filter:-x-url(//evil.test)}</style>"
        '<rect mask="image-set(\'http://evil.test/x\' 1x)" fill="attr(evil.test)" style="fill:var(--evil.test)"/>'
    ),
    "expression": lambda: svg(
        "<rect style='width:expression(alert(1));behavior:url(#x);-moz-binding:url(//evil.test)'/>"
    ),
    "animation in CSS": lambda: svg(
        "<style>@keyframes a{from{x:1}} rect{animation:a 1s infinite;transition:all 1s}</style>"
        "<rect style='animation:a 1s'/>"
    ),
    "rules inside an at-rule": lambda: svg(
        "<style>@media print{rect{fill:red}} @supports(a:b){@media x{g{fill:red}}}</style>"
    ),
    "external doctype": lambda: svg(
        "<rect/>", before='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://evil.test/svg11.dtd">'
    ),
    # to surprise
    "other namespaces": lambda: svg(
        '<c:manifest xmlns:c="http://c2pa.org/manifest">AAAA</c:manifest><i:a xmlns:i="urn:i"/>'
    ),
    "a reference to nothing": lambda: svg('<g id="a"><use href="#b"/><rect fill="url(#c)"/></g>'),
}


def nested_uses(levels: int, width: int) -> bytes:
    groups = "".join(f'<g id="u{level}">{f"""<use href="#u{level + 1}"/>""" * width}</g>' for level in range(levels))
    return svg(f'<defs>{groups}<rect id="u{levels}" width="1" height="1"/></defs><use href="#u0"/>')


def nested_patterns(levels: int, width: int, by_style: bool = False) -> bytes:
    paint = "<style>{}</style>" if by_style else "{}"
    rules = "".join(f".p{level}{{fill:url(#p{level})}}" for level in range(levels + 1))
    patterns = "".join(
        f'<pattern id="p{level}" width="1" height="1" patternUnits="userSpaceOnUse">'
        + "".join(
            f'<rect width=".{at}" height="9" class="p{level + 1}"'
            + ("/>" if by_style else f' fill="url(#p{level + 1})"/>')
            for at in range(width)
        )
        + "</pattern>"
        for level in range(levels)
    )
    first = (
        '<rect width="64" height="64" class="p0"/>' if by_style else '<rect width="64" height="64" fill="url(#p0)"/>'
    )
    return svg(paint.format(rules if by_style else "") + patterns + first)


def inherited_patterns(levels: int, width: int) -> bytes:
    """Each group passes its paint to all shapes in it."""
    patterns = "".join(
        f'<pattern id="p{level}" width="1" height="1"><g fill="url(#p{level + 1})">{"<rect/>" * width}</g></pattern>'
        for level in range(levels)
    )
    return svg(patterns + '<rect fill="url(#p0)"/>')


def billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return svg("<text>&a9;</text>", before=f'<!DOCTYPE svg [<!ENTITY a0 "ha">{entities}]>')


REFUSED: Mapping[str, Callable[[], bytes]] = {
    "external entity": lambda: svg(
        "<text>&a;</text>", before='<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    ),
    "external entity in an attribute": lambda: svg('<text id="&a;"/>', before=ENTITY.format("x")),
    "parameter entity": lambda: svg("", before=f'<!DOCTYPE svg [<!ENTITY % a SYSTEM "{EVIL}"> %a;]>'),
    "entity in UTF-16": lambda: svg("&a;", before=ENTITY.format("x")).decode().encode("utf-16"),
    "billion laughs": billion_laughs,
    "quadratic blow-up": lambda: svg("<text>" + "&a;" * 10_000 + "</text>", before=ENTITY.format("b" * 25_000)),
    "undefined entity": lambda: svg("<text>&nbsp;</text>"),
    "200,000 nested groups": lambda: svg("<g>" * 200_000 + "</g>" * 200_000),
    "300 nested groups": lambda: svg("<g>" * 300 + "</g>" * 300),
    "300,000 attributes": lambda: svg("<rect " + " ".join(f'a{n}="1"' for n in range(300_000)) + "/>"),
    "300,000 elements": lambda: svg("<g/>" * 300_000),
    "300,000 foreign elements": lambda: svg("<metadata>" + "<g/>" * 300_000 + "</metadata>"),
    "6,000 uses": lambda: svg('<g id="a"/>' + '<use href="#a"/>' * 6_000),
    "use bomb of 10^9": lambda: nested_uses(9, 10),
    "use bomb of 2^40": lambda: nested_uses(40, 2),
    "pattern bomb": lambda: nested_patterns(9, 10),
    "pattern bomb by class": lambda: nested_patterns(9, 10, by_style=True),
    "pattern bomb by inheritance": lambda: inherited_patterns(9, 10),
    "a use of itself": lambda: svg('<g id="a"><use href="#a"/></g>'),
    "a pattern of itself": lambda: svg('<pattern id="a"><rect fill="url(#a)"/></pattern>'),
    "two masks of each other": lambda: svg(
        '<mask id="a"><rect mask="url(#b)"/></mask><mask id="b"><rect mask="url(#a)"/></mask>'
    ),
    "3,000 style rules": lambda: svg("<style>" + "rect{fill:red}" * 3_000 + "</style>"),
    "21 MB": lambda: svg("<desc>" + "a" * (21 * 2**20) + "</desc>"),
    "a text of 200,000 letters": lambda: svg("<text>" + "a" * 200_000 + "</text>"),
    "2,000 style rules for 20,000 elements": lambda: svg(
        "<style>" + "g g .a{fill:red}" * 1_999 + "</style>" + "<g class='a'/>" * 20_000
    ),
    "a text of 11 MB": lambda: svg("<text>" + "a" * (11 * 2**20) + "</text>"),
    "1,000,000 pixels wide": lambda: svg("<rect/>", 'width="1000000" height="1"'),
    "no size at all": lambda: svg("<rect/>", 'viewBox="0 0 1e99 1"'),
    "UTF-7": lambda: b'<?xml version="1.0" encoding="utf-7"?>' + svg("+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
    "EBCDIC": lambda: b'<?xml version="1.0" encoding="cp037"?>' + svg(""),
    "an encoding nobody knows": lambda: b'<?xml version="1.0" encoding="x-evil"?>' + svg(""),
    "bytes that are no UTF-8": lambda: svg("<text>") + b"\xff\xfe\xfd",
    "UTF-32": lambda: svg("<script>alert(1)</script>").decode().encode("utf-32"),
    "not well-formed": lambda: svg("<g><rect></g>"),
    "two roots": lambda: svg("") + svg("<script>alert(1)</script>"),
    "a root of another namespace": lambda: b'<svg xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></svg>',
    "a root without a namespace": lambda: b'<svg width="9" height="9"><rect/></svg>',
    "html with svg in it": lambda: b"<html xmlns='http://www.w3.org/1999/xhtml'>" + svg("") + b"</html>",
    "xhtml of one script": lambda: b"<script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>",
    "the same attribute twice": lambda: svg('<rect onload="a" onload="b"/>'),
    "an empty file": lambda: b"",
    "only a declaration": lambda: b'<?xml version="1.0"?>',
}

# Well-formed, and more work than they look: these may be drawn or refused, but in time.
HEAVY: Mapping[str, Callable[[], bytes]] = {
    "a dash of 10^-9": lambda: svg('<path d="M0 0H64" stroke="red" stroke-width="9" stroke-dasharray="1e-9"/>'),
    "a morphology of 10^6": lambda: svg(
        '<filter id="f"><feMorphology operator="dilate" radius="1000000"/></filter>'
        '<rect width="64" height="64" filter="url(#f)"/>'
    ),
    "a convolution of 100 x 100": lambda: svg(
        f'<filter id="f"><feConvolveMatrix order="100" kernelMatrix="{"1 " * 10_000}"/></filter>'
        '<rect width="64" height="64" filter="url(#f)"/>'
    ),
    "a feTurbulence without end": lambda: svg(
        '<filter id="f"><feTurbulence baseFrequency="9" numOctaves="1000000"/></filter>'
        '<rect width="64" height="64" filter="url(#f)"/>'
    ),
    "50 pictures of 1 megapixel": lambda: svg(
        f'<image width="64" height="64" href="{data_uri("image/png", encoded(Image.new("L", (1000, 1000)), "PNG"))}"/>'
        * 50
    ),
    "a path of a million points": lambda: svg('<path fill="red" d="M0 0' + "L64 64L0 32" * 500_000 + '"/>'),
}
