"""Words as the search knows them: small letters without accents, the same for a picture's text and for a question.

They are cut here, so that what is found doesn't depend on the database. Writing without spaces is cut into its
characters; a word of several is then found as a phrase.
"""

import re
import unicodedata

MOST_WORDS = 2000  # of one picture's text
LONGEST = 60  # characters of one word
BREAK = "\u00b7"  # between two texts; no word is this

_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\U00020000-\U0002ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")


def words(text: str) -> list[str]:
    """The words of a text, in its order."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
    return [found[:LONGEST] for found in _WORD.findall(plain)]


def told(text: str) -> set[str]:
    """The words of a text as `body` has it, each once."""
    return set(text.split()) - {BREAK}


def body(*texts: str) -> str:
    """The words of several texts, as they are stored: each text a part of its own, which no phrase reaches across."""
    parts = [" ".join(words(text)) for text in texts]
    return " ".join(f" {BREAK} ".join(part for part in parts if part).split()[:MOST_WORDS])
