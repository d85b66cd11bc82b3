"""Pages of a clinic's shared devices. The locked screen opens only on an enrolled device; nobody is signed in there."""

import datetime as dt
from typing import Any

from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import StaffRequest
from bookings.desk.sessions.sign_tap import tap
from bookings.facts.on_duty import vaidyas_on_duty
from bookings.facts.record_access import TREATS
from bookings.models import Status
from clinic.fields import number_of
from clinic.people import kept_forms, sessions
from clinic.people.accounts import remind_of_notices
from clinic.people.clinic_devices import (
    CannotUnlock,
    device_of,
    devices_of,
    end_device,
    enrol,
    needs_pin,
    set_pin,
    shifts_on,
    unlock,
    unlock_by_passkey,
    why_no_shift,
)
from clinic.people.factors import note_pin, note_proof
from clinic.people.models import ClinicDevice, Shift
from clinic.people.permissions import landing, manager_required, page_then, public, signed_in_user, staff_required

from .cookie import remember_device
from .forms import EnrolForm, PinForm, UnlockForm
from .kept_texts import written_texts
from .locked import running_or_none, running_sessions, session_page, stopped_sessions, who_runs


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: StaffRequest) -> HttpResponse:
    """The devices of my clinics; this browser can become one."""
    now = timezone.now()
    form = EnrolForm(request.POST or None, user=request.user, request=request, clinics=request.clinics)
    if form.is_valid():
        data = form.cleaned_data
        device, token = enrol(clinic=data["clinic"], name=data["name"], by=request.user, now=now)
        messages.success(request, _("%(name)s is now a clinic device.") % {"name": device.name})
        return remember_device(redirect("desk:devices"), token)
    page = {"form": form, "devices": devices_of(request.clinics), "this_device": device_of(request)}
    return render(request, "desk/devices/devices.html", page, status=422 if form.errors else 200)


@manager_required
@require_POST
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """The device is no device of the clinic any more: lost, sold, or enrolled by mistake."""
    device = next((row for row in devices_of(request.clinics) if row.pk == pk), None)
    if device is None:
        raise Http404
    end_device(device=device, by=request.user, now=timezone.now())
    messages.success(request, _("%(name)s is no longer a clinic device.") % {"name": device.name})
    return redirect("desk:devices")


@staff_required()
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: StaffRequest) -> HttpResponse:
    """My own PIN for the clinic's devices."""
    form = PinForm(request.POST or None, user=request.user, request=request)
    if form.is_valid():
        set_pin(user=request.user, pin=form.cleaned_data["pin"], now=timezone.now())
        messages.success(request, _("Your PIN has been set."))
        return _lead_on(request, landing(request), timezone.now())
    is_first = needs_pin(request, request.user, now=timezone.now())
    page = {"form": form, "is_first": is_first, "next": landing(request)}
    return render(request, "desk/devices/pin.html", page, status=422 if form.errors else 200)


@staff_required()
@require_POST
def lock(request: StaffRequest) -> HttpResponse:
    """Lock the device now. What is being written comes along and is kept: a form of the page `next`, sent to `path`.

    Whose name could not open it again sets a PIN first, unless nobody is there and the page locks by itself.
    """
    device, now = _device(request), timezone.now()
    path = request.POST.get("path") or request.POST.get("next", "").split("?")[0]
    kept_forms.keep(user=request.user, path=path, data=request.POST, now=now)
    following = landing(request)
    if not request.POST.get(sessions.AUTOMATIC) and needs_pin(request, request.user, now=now):
        messages.warning(
            request, _("This device has not been locked. You need a PIN to unlock it again with your name.")
        )
        return redirect(page_then("desk:pin", following))
    sessions.lock_session(request, device, now=now)
    return redirect(sessions.names_page(following))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def locked(request: HttpRequest) -> HttpResponse:
    """The names of those whose shift runs on this device; a name and the PIN, or the member's passkey, open it."""
    device, now = device_of(request), timezone.now()
    if device is None:  # removed meanwhile, or never one
        return render(request, "desk/devices/no_device.html", status=404)
    shifts = shifts_on(device, now=now)
    refusal = why_no_shift(device=device, user_id=number_of(request.POST.get("member", "")), now=now)
    form = UnlockForm(request.POST or None, shifts=shifts, no_shift=refusal)
    if form.is_valid():
        try:
            return _unlocked(request, device, form.cleaned_data, now)
        except CannotUnlock as failure:
            form.add_error("pin", failure.reason)
    page = {
        "form": form,
        "device": device,
        "shifts": shifts,
        "has_passkeys": any(shift.has_passkey for shift in shifts),
        "sessions": running_sessions(device.clinic),
        "on_duty": vaidyas_on_duty(device.clinic, now),
        "stopped": stopped_sessions(device, now=now),
        "now": now,
        "next": landing(request),
    }
    return render(request, "desk/devices/locked.html", page, status=422 if form.errors else 200)


@public
@never_cache
@require_safe
def locked_passkey(request: HttpRequest) -> HttpResponse:
    """What the browser needs to ask for the passkey of the chosen name: JSON, for scripts."""
    device, member = _device(request), number_of(request.GET.get("member", ""))
    shifts = shifts_on(device, now=timezone.now())
    shift = next((shift for shift in shifts if shift.user_id == member and shift.has_passkey), None)
    if shift is None:
        raise Http404
    return JsonResponse({"request_options": webauthn.begin_authentication(shift.user)})


@public
@require_POST
def locked_sign(request: HttpRequest, booking_id: int) -> HttpResponse:
    """One tap on a sign of a session that goes on, without unlocking: safety does not wait for a PIN."""
    device = _device(request)
    session = running_or_none(device.clinic, booking_id)
    if session is None:
        messages.error(request, _("This session is no longer in progress."))
        return redirect(sessions.names_page(landing(request)))
    code, by = request.POST.get("sign", ""), who_runs(session.booking)
    with refusals_as_messages(request):
        done = tap(session.booking, code, by=by, now=timezone.now(), locked_device=device.pk)
        messages.warning(request, done)
    session.booking.refresh_from_db(fields=["status"])
    is_stopped = session.booking.status == Status.STOPPED
    return redirect(sessions.names_page(session_page(session.booking) if is_stopped else landing(request)))


@staff_required()
@require_safe
def kept(request: StaffRequest) -> HttpResponse:
    """What I was writing when the device locked: put it back, or throw it away."""
    texts = written_texts(request, now=timezone.now())
    return render(request, "desk/devices/kept.html", {"texts": texts, "next": landing(request)})


@staff_required()
@require_POST
def let_go(request: StaffRequest, pk: int) -> HttpResponse:
    """Throw one of them away."""
    if not kept_forms.let_go(user=signed_in_user(request), pk=pk):
        raise Http404
    messages.success(request, _("Discarded."))
    return redirect(page_then("desk:kept", landing(request)))


def _device(request: HttpRequest) -> ClinicDevice:
    device = device_of(request)
    if device is None:
        raise Http404
    return device


def _unlocked(request: HttpRequest, device: ClinicDevice, data: dict[str, Any], now: dt.datetime) -> HttpResponse:
    """Signed in by the passkey of that name, which proves the second factor, or by the PIN. Raises CannotUnlock."""
    member = data["member"]
    if data["credential"]:
        shift, passkey = unlock_by_passkey(device=device, user_id=member, credential=data["credential"], now=now)
        login(request, shift.user, settings.AUTHENTICATION_BACKENDS[0])
        note_proof(request, shift.user, id=passkey.pk, type=passkey.type)
    else:
        shift = unlock(device=device, user_id=member, pin=data["pin"], now=now)
        login(request, shift.user, settings.AUTHENTICATION_BACKENDS[0])
        note_pin(request, shift.user, until=shift.ends_at)
    return _come_in(request, device, shift, now)


def _come_in(request: HttpRequest, device: ClinicDevice, shift: Shift, now: dt.datetime) -> HttpResponse:
    """A session that was stopped here comes first for those who treat; then what was being written is offered."""
    remind_of_notices(request, shift.user)
    following, stops = landing(request), [stop.url for stop in stopped_sessions(device, now=now)]
    if stops and (not following or following in stops):
        treats = shift.user.clinics_at(now, *TREATS).filter(pk=device.clinic_id).exists()
        if treats:
            return redirect(following or stops[0])
        following = ""
    return _lead_on(request, following, now)


def _lead_on(request: HttpRequest, following: str, now: dt.datetime) -> HttpResponse:
    """To what was being written when the device locked, else to the page that was wanted."""
    if kept_forms.kept_of(signed_in_user(request), now=now):
        return redirect(page_then("desk:kept", following))
    return redirect(following or "desk:day")
