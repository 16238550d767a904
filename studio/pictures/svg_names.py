"""The elements, attributes and CSS properties that a sanitized SVG may contain.

`a` is on the list to be renamed, so that its content stays. Left out on purpose: script, foreignObject, iframe, audio,
video, every animation element, metadata (also C2PA manifests; the original keeps them), cursor, view, and all
attributes for events, links' targets and base addresses.
Source: SVG 2, appendices "Element Index", "Attribute Index" and "Property Index".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SVG_NAMESPACE: Final = "http://www.w3.org/2000/svg"
XLINK: Final = "http://www.w3.org/1999/xlink"
XML: Final = "http://www.w3.org/XML/1998/namespace"


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FILTER_PRIMITIVES: Final = words(
    "feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap"
    " feDropShadow feFlood feGaussianBlur feImage feMerge feMorphology feOffset feSpecularLighting feTile"
    " feTurbulence"
)
ELEMENTS: Final = FILTER_PRIMITIVES | words(
    "svg g a defs symbol use switch title desc style"
    " path rect circle ellipse line polyline polygon image text tspan textPath"
    " clipPath mask pattern marker linearGradient radialGradient stop filter"
    " feDistantLight fePointLight feSpotLight feFuncR feFuncG feFuncB feFuncA feMergeNode"
)
WITH_TEXT: Final = frozenset({"text", "tspan", "textPath", "title", "desc"})

# Presentation attributes and CSS properties are one list: SVG 2 defines the first by the second.
PROPERTIES: Final = words(
    "alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters"
    " color-rendering direction display dominant-baseline enable-background fill fill-opacity fill-rule filter"
    " flood-color flood-opacity font font-family font-feature-settings font-kerning font-size font-size-adjust"
    " font-stretch font-style font-variant font-variation-settings font-weight glyph-orientation-horizontal"
    " glyph-orientation-vertical image-rendering inline-size isolation kerning letter-spacing lighting-color"
    " line-height marker marker-end marker-mid marker-start mask mask-type mix-blend-mode opacity overflow"
    " paint-order pointer-events shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset"
    " stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-align text-anchor"
    " text-decoration text-decoration-color text-decoration-line text-decoration-style text-indent text-overflow"
    " text-rendering text-transform transform transform-box transform-origin unicode-bidi vector-effect visibility"
    " white-space word-spacing writing-mode"
)
GEOMETRY_PROPERTIES: Final = frozenset({"x", "y", "cx", "cy", "r", "rx", "ry", "width", "height", "d"})
STYLE_PROPERTIES: Final = PROPERTIES | GEOMETRY_PROPERTIES
# Filters whose work grows with a number rather than with the picture.
LIMITED: Final[Mapping[str, float]] = {"numOctaves": 10, "radius": 200, "order": 15}
# These only select by identity and are never read as code or address.
FREE_TEXT: Final = frozenset({"id", "class", "xml:lang", "lang"})
ATTRIBUTES: Final = (
    PROPERTIES
    | GEOMETRY_PROPERTIES
    | FREE_TEXT
    | words(
        "amplitude azimuth baseFrequency baseProfile bias clipPathUnits diffuseConstant divisor dx dy edgeMode"
        " elevation exponent filterUnits fr fx fy gradientTransform gradientUnits in in2 intercept k1 k2 k3 k4"
        " kernelMatrix kernelUnitLength lengthAdjust limitingConeAngle markerHeight markerUnits markerWidth"
        " maskContentUnits maskUnits method mode numOctaves offset operator order orient pathLength"
        " patternContentUnits patternTransform patternUnits points pointsAtX pointsAtY pointsAtZ preserveAlpha"
        " preserveAspectRatio primitiveUnits radius refX refY requiredExtensions requiredFeatures result rotate"
        " scale seed side slope spacing specularConstant specularExponent spreadMethod startOffset stdDeviation"
        " stitchTiles surfaceScale systemLanguage tableValues targetX targetY textLength type values version"
        " viewBox x1 x2 xChannelSelector y1 y2 yChannelSelector z xml:space"
    )
)
