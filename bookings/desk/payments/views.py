"""Taking a payment for a visit, reversing one, its receipt, and the total of a day."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.actions.payments import reverse_payment, take_payment
from bookings.desk.addresses import asked_date
from bookings.desk.buttons import DESK
from bookings.desk.lookups import patient_of
from bookings.desk.reads import by_visit, reads, reads_page
from bookings.desk.reports.files import csv_of
from bookings.desk.request import StaffRequest, VisitRequest
from bookings.errors import ActionRefused
from bookings.facts.payments import paid_for, payments_of
from bookings.rules.fees import why_not_pay
from clinic.people.permissions import staff_required

from . import lookups
from .forms import PaymentForm, ReversalForm
from .page import day_of_payments, money_of, money_words, payment_rows, receipt_rows, table_of


@staff_required(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(by_visit)
def pay(request: VisitRequest, public_id: uuid.UUID) -> HttpResponse:
    """What was paid for a visit, and one more payment."""
    visit = request.visit
    money = money_of(visit, paid_for([visit]).get(visit.pk))
    form = PaymentForm(request.POST or None, initial={"key": uuid.uuid4(), "amount": money.open or None})
    if form.is_valid():
        try:
            take_payment(visit=visit, by=request.user, now=timezone.now(), **form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The payment has been recorded."))
            return redirect("desk:pay", public_id=public_id)
    rows = payment_rows(payments_of(visit), visit.clinic)
    page = {"visit": visit, "form": form, "money": money, "rows": rows, "why_not": why_not_pay(visit.bookings.all())}
    return render(request, "desk/payments/visit.html", page, status=422 if form.errors else 200)


@staff_required(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(lookups.by_payment)
def reverse(request: lookups.PaymentRequest, pk: int) -> HttpResponse:
    """Take a payment back as a whole, with the reason; a manager, or whoever took it on the same day."""
    payment, form = request.payment, ReversalForm(request.POST or None)
    if form.is_valid():
        try:
            reverse_payment(payment=payment, by=request.user, now=timezone.now(), **form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The payment has been reversed."))
            return redirect("desk:pay", public_id=payment.visit.public_id)
    page = {"payment": payment, "visit": payment.visit, "form": form}
    page["amount"] = money_words(payment.amount, payment.clinic)
    return render(request, "desk/payments/reverse.html", page, status=422 if form.errors else 200)


@staff_required(*DESK)
@require_safe
@reads(lookups.by_payment)
def receipt(request: lookups.PaymentRequest, pk: int) -> HttpResponse:
    """For the patient, on paper: who paid how much, when and how. No therapy."""
    payment, patient = request.payment, patient_of(request.payment.visit)
    with translation.override(patient.language):
        page = {"payment": payment, "visit": payment.visit, "rows": receipt_rows(payment, patient)}
    return render(request, "desk/payments/receipt.html", page)


@staff_required(*DESK)
@require_safe
@reads_page(lambda page: page["day"].patients)
def payments(request: StaffRequest) -> HttpResponse:
    """The payments of a date with their totals, and which visits have something open."""
    today = request.clinic.today(timezone.now())
    on = asked_date(request, "date", today)
    day = day_of_payments(request.clinic, on)
    page = {"day": day, "before": on - dt.timedelta(days=1), "after": on + dt.timedelta(days=1), "today": today}
    return TemplateResponse(request, "desk/payments/day.html", page)


@staff_required(*DESK)
@require_safe
@reads_page(lambda page: page["table"].patients)
def payments_file(request: StaffRequest) -> HttpResponse:
    """The same payments as CSV. Cells that look like a formula are guarded."""
    on = asked_date(request, "date", request.clinic.today(timezone.now()))
    table = table_of(day_of_payments(request.clinic, on, with_open=False))
    name = f"payments-{request.clinic.slug}-{on.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    page = {"table": table, "text": csv_of(table)}
    return TemplateResponse(
        request, "desk/reports/table.csv", page, content_type="text/csv; charset=utf-8", headers=headers
    )
