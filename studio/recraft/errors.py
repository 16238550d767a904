"""
What can go wrong when talking to Recraft, by what it may have cost:

* RecraftError
  x InputUnreadable   a picture could not be read from disk              nothing sent, nothing charged; final
  x NotSent           no byte of the request left                        nothing charged; may be sent again
  x Refused           429                                                nothing charged; may be sent again
  x AccountRefused    401, 402, 403, 400 not_enough_credits              nothing charged; the provider account pauses,
                                                                         then the request may be sent again
  x Rejected          413; other 4xx with Recraft's own JSON or text     nothing charged; final
  x ServerFailed      500 with Recraft's own JSON or text                nothing charged; may be sent again
  x OutcomeUnknown    any other 5xx, any other HTML, 3xx, 408,           may be charged; NEVER sent again
                      any error once the request was on its way
  x AnswerUnreadable  2xx whose body can't be read                       charged; the result is lost

And what can go wrong when a result is downloaded, by whether trying again can help (a download is free):

* FetchError
  x FetchRefused      scheme, host, port or address is not allowed       only when the settings change
  x FetchGone         403, 404, 410                                      after a few tries: the link has died
  x FetchFailed       anything transient                                 yes
  x FetchTooLarge     more bytes than a picture may have                 no

Sources: Recraft docs, Error handling page (401 and 404 as text, {"code", "message"} as JSON), Pricing page ("failed
operations are not billed"); 400 for an empty balance and 429 without Retry-After as observed by several clients.
"""

import json
from typing import ClassVar, Self

import httpx

# The words of an error answer worth keeping; the rest of a long body is noise in a log and on a page.
MESSAGE_LIMIT = 300


class RecraftError(Exception):
    """Base class. str() is for the log; `user_message` is for the page."""

    may_send_again: ClassVar[bool] = False
    # None: only the balance can tell.
    charged: ClassVar[bool | None] = None
    user_message: str = "Recraft could not complete this request."


class InputUnreadable(RecraftError):
    """A picture the request starts from is missing or damaged on our side. Trying again would find the same."""

    charged = False
    user_message = "A picture this starts from can't be read any more. Nothing was sent and nothing charged."


class NotSent(RecraftError):
    """No byte of the request left: name lookup, connection or TLS failed."""

    may_send_again = True
    charged = False
    user_message = "Recraft can't be reached. Nothing was sent and nothing charged."


class Refused(RecraftError):
    """429: too many requests or images at once. `retry_after` is in seconds when the answer says so."""

    may_send_again = True
    charged = False
    user_message = "Recraft is asked too often at the moment. Nothing charged; the request waits for its turn."
    retry_after: int | None = None


class AccountRefused(RecraftError):
    """The token or the balance is not accepted: true for every request, so the provider account pauses."""

    may_send_again = True
    charged = False
    user_message = "Recraft does not accept this studio's account. Nothing charged; the request waits."


class Rejected(RecraftError):
    """Recraft read the request and said no. Final: the same request will be rejected again."""

    charged = False
    user_message = "Recraft rejected this request. 0 units charged."


class ServerFailed(RecraftError):
    """Recraft itself says that it failed, in its own words."""

    may_send_again = True
    charged = False
    user_message = "Recraft failed to draw this. 0 units charged."


class OutcomeUnknown(RecraftError):
    """The picture may have been made and paid for: only the balance can tell."""

    user_message = "Recraft did not answer. Possibly charged; we are checking and will not send it twice."


class AnswerUnreadable(RecraftError):
    """A success whose body can't be read. `body` holds what came, so that a person can still look at it."""

    charged = True
    user_message = "Recraft charged for this request, but its answer can't be read. The result is lost."

    def __init__(self, message: str, body: bytes) -> None:
        super().__init__(message)
        self.body = body

    def __reduce__(self) -> tuple[type[Self], tuple[str, bytes]]:
        return type(self), (str(self), self.body)


def from_response(response: httpx.Response) -> RecraftError:
    """The error an answer other than 2xx stands for. The body must have been read."""
    status, words = response.status_code, own_words(response)
    line = f"{status} {words or _glimpse(response)}"
    if status == 429:
        return _refused(line, response)
    # An HTML 403 is the edge in front of Recraft turning this host away (a firewall rule, a TLS fingerprint). It
    # decides before it forwards, so nothing is charged, and it turns every request away: burning one job after the
    # other on it would be as wrong as on a bad token.
    if status in (401, 402, 403) or (status == 400 and _code(response) == "not_enough_credits"):
        return _account_refused(line, response)
    # 408 is a timeout that happens to start with a 4: whoever gave up waiting, the work may have been done.
    if 400 <= status < 500 and status != 408 and words:
        return _with_words(Rejected(line), words)
    # Whoever says it, the edge or Recraft: a body too large was not read, so nothing was drawn from it.
    if status == 413:
        return _with_words(Rejected(line), "the picture is larger than it accepts")
    if status == 500 and words:
        return ServerFailed(line)
    # All the rest comes from something in between (502, 503, 504, 520-527, HTML of any status, a redirect of a POST
    # that the API never sends): whether Recraft still finishes and bills behind it can't be seen from here.
    return OutcomeUnknown(line)


def how_to_mend(account_refused: str) -> str:
    """What has to be done before Recraft takes requests again, for those who can; from an AccountRefused's text."""
    status = account_refused[:3]
    if status == "401":
        return "Recraft does not accept the token: set a valid one as RECRAFT_API_TOKEN and start the studio again."
    if status == "403":
        return "Recraft turns this account or machine away: look into the account at recraft.ai, or ask its support."
    return "Recraft's balance is too low: buy API units in the account at recraft.ai."


def own_words(response: httpx.Response) -> str:
    """What Recraft itself says in an error answer; empty when the answer is not Recraft's own (HTML, edge pages)."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _shortened(_json(response).get("message") or _json(response).get("code"))
    text = response.text.strip()
    # Cloudflare's errors for clients that are no browser are text: "error code: 502".
    if kind == "text/plain" and not text.startswith("<") and not text.lower().startswith("error code:"):
        return _shortened(text)
    return ""


def _refused(line: str, response: httpx.Response) -> Refused:
    error, after = Refused(line), response.headers.get("retry-after", "")
    # Recraft sends none; the edge in front of it may. A date instead of seconds is as good as none.
    if after.isascii() and after.isdigit() and len(after) < 6:
        error.retry_after = int(after)
    return error


def _account_refused(line: str, response: httpx.Response) -> AccountRefused:
    error = AccountRefused(line)
    if _code(response) == "not_enough_credits" or response.status_code == 402:
        error.user_message = "The Recraft balance is too low. Nothing charged; the request waits for a top-up."
    elif response.status_code == 403:
        error.user_message = "Recraft turns this studio away. Nothing charged; the request waits."
    elif response.status_code == 401:
        error.user_message = "Recraft does not accept this studio's token. Nothing charged; the request waits."
    return error


def _with_words(error: Rejected, words: str) -> Rejected:
    sentence = words if words.endswith((".", "!", "?")) else f"{words}."
    error.user_message = f"Recraft rejected this request: {sentence} 0 units charged."
    return error


def _code(response: httpx.Response) -> str:
    return str(_json(response).get("code") or "")


def _json(response: httpx.Response) -> dict[str, object]:
    try:
        found = json.loads(response.content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _shortened(words: object) -> str:
    """One line of plain text: an error text may quote the prompt, control characters and all."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(words or "")).split())
    return line if len(line) <= MESSAGE_LIMIT else line[: MESSAGE_LIMIT - 1] + "…"


def _glimpse(response: httpx.Response) -> str:
    kind = response.headers.get("content-type", "no content type")
    return f"{_shortened(kind)}, {len(response.content)} bytes"


class FetchError(Exception):
    """Base class for a download that did not succeed. str() is for the log; `user_message` is for the page."""

    user_message: ClassVar[str] = "The picture could not be downloaded."


class FetchRefused(FetchError):
    """The link, or a redirect, points where this studio does not go. Nothing there was connected to."""

    user_message = "The result's link points to a host this studio does not trust. An admin can allow it."


class FetchGone(FetchError):
    """403, 404 or 410: the link is dead, or not alive yet."""

    user_message = "The result's link no longer works."


class FetchFailed(FetchError):
    """Transient: network, server error, cut or contradictory answer."""

    user_message = "The download was interrupted. It is tried again."


class FetchTooLarge(FetchError):
    """More bytes than a picture may have."""

    user_message = "The result is larger than this studio accepts."
