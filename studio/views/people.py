"""Coming in and going out: sign in, the first owner's link, passwords."""

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.errors import LinkSpent
from studio.forms.people import NewPasswordForm, NewPersonForm, PasswordForm, ResetForm, SignInForm
from studio.services import members, passwords
from studio.views.doors import StudioRequest, member, safe_next, signed_in
from studio.views.limits import address, too_often

# Wrong or right, so many tries: per address signed in with, per peer, and for the whole studio.
TRIES_PER_PERSON = (10, 3600)
TRIES_PER_PEER = (60, 3600)
TRIES_PER_STUDIO = (600, 3600)
RESETS_PER_PERSON = (5, 3600)
# One sentence for an unknown address, a wrong password and an account that was closed.
NOT_KNOWN = "This address and password don't go together."
TOO_OFTEN = "Too many tries. Wait an hour, or ask an owner of the studio."
BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Address and password."""
    if request.user.is_authenticated:
        return redirect(safe_next(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if _too_many(request, "person", TRIES_PER_PERSON, "studio"):
            form.add_error(None, TOO_OFTEN)
            status = 429
        elif form.is_valid():
            person = authenticate(
                request, username=form.cleaned_data["email"].lower(), password=form.cleaned_data["password"]
            )
            if person is not None:
                login(request, person)
                return redirect(safe_next(request))
            form.add_error(None, NOT_KNOWN)
    return render(request, "people/sign_in.html", {"form": form, "next": safe_next(request)}, status=status)


def _too_many(request: HttpRequest, what: str, per_person: tuple[int, int], everybody: str) -> bool:
    """Whether tries are up: for the address that was typed, for the peer, or for the whole studio."""
    who = str(request.POST.get("email", "")).strip().lower()[:254]
    # All three count, also when the first is full already: otherwise one full bucket would hide the others.
    full = [
        too_often(f"{what}:{who}", *per_person),
        too_often(f"peer:{address(request)}", *TRIES_PER_PEER),
        too_often(everybody, *TRIES_PER_STUDIO),
    ]
    return any(full)


@require_safe
def staff_sign_in(request: HttpRequest) -> HttpResponse:
    """Instead of the admin's own sign-in page, which counts no tries: there is one door."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or "/admin/")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("people:sign-in")


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """The link printed at the first start. Looking at it changes nothing; the button uses it up."""
    if request.method != "POST":
        return render(request, "people/welcome.html", {"token": token})
    if too_often(f"link:{address(request)}", 30, 3600):
        return render(request, "people/link_spent.html", {"message": TOO_OFTEN}, status=429)
    try:
        person = members.spend_first_link(token)
    except LinkSpent as error:
        return render(request, "people/link_spent.html", {"message": error.message}, status=410)
    login(request, person, backend=BACKEND)
    return redirect("people:introduce")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def introduce(request: StudioRequest) -> HttpResponse:
    """The first owner says who they are and takes a password."""
    if request.user.has_usable_password():
        return redirect("create:home")
    form = NewPersonForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_bound and form.is_valid():
        members.introduce(request.user, **form.cleaned_data)
        update_session_auth_hash(request, request.user)
        return redirect("create:home")
    return render(request, "people/introduce.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a link to a new password. The answer is the same for every address, and so is the time it takes."""
    form = ResetForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if _too_many(request, "reset", RESETS_PER_PERSON, "resets"):
            form.add_error(None, TOO_OFTEN)
            status = 429
        elif form.is_valid():
            passwords.ask(form.cleaned_data["email"])
            return redirect("people:forgot-sent")
    return render(request, "people/forgot.html", {"form": form}, status=status)


@require_safe
def forgot_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "people/forgot_sent.html")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """The link of that letter. Looking at it changes nothing; a new password uses it up."""
    if too_often(f"link:{address(request)}", 60, 3600):
        return render(request, "people/link_spent.html", {"message": TOO_OFTEN}, status=429)
    person = passwords.find(uid, token)
    if person is None:
        return render(request, "people/link_spent.html", {"message": members.SPENT}, status=410)
    form = NewPasswordForm(person, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            passwords.take(uid, token, form.cleaned_data["new_password1"])
        except LinkSpent as error:
            return render(request, "people/link_spent.html", {"message": error.message}, status=410)
        logout(request)
        return redirect("people:reset-done")
    return render(request, "people/reset.html", {"form": form, "person": person}, status=422 if form.is_bound else 200)


@require_safe
def reset_done(request: HttpRequest) -> HttpResponse:
    return render(request, "people/reset_done.html")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member
def password(request: StudioRequest) -> HttpResponse:
    """Another password. Every other session of the person ends with the old one."""
    form = PasswordForm(request.user, request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if too_often(f"password:{request.user.pk}", 20, 86_400):
            form.add_error(None, ValidationError("Too many tries today."))
            status = 429
        elif form.is_valid():
            form.save()
            update_session_auth_hash(request, request.user)
            return redirect("people:password-changed")
    return render(request, "people/password.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD"])
@member
def password_changed(request: StudioRequest) -> HttpResponse:
    return render(request, "people/password_changed.html")
