"""What is printed for somebody who tries the demo."""

from django.conf import settings

from bookings.demo import cast, guests


def sign_ins() -> str:
    """Addresses and sign-ins in a few lines."""
    vaidya, therapist = (
        next(p for p in cast.SERVING if p.role == role and p.number) for role in ("vaidya", "therapist")
    )
    staff = [
        ("Front desk", cast.FRONT_DESK.number, cast.FRONT_DESK.name),
        ("Vaidya", vaidya.number, vaidya.name),
        ("Therapist", therapist.number, therapist.name),
        ("Manager", cast.MANAGER.number, cast.MANAGER.name),
        ("Patient", guests.OWN_ACCOUNT, f"{guests.GUESTS[0].given} {guests.GUESTS[0].family}"),
    ]
    lines = [f"  {what:<11} {sign_in:<24} {name}" for what, sign_in, name in staff]
    site = settings.SITE_URL
    return "\n".join(
        [
            f"Portal      {site}/",
            f"Staff       {site}/desk/   admin {site}/admin/   mailbox {site}/desk/mailbox/",
            f"Staff sign in at     {site}/staff/   password: {cast.PASSWORD}   second step: {cast.SECOND_STEP}",
            f"Patients sign in at  {site}/accounts/login/   the code arrives in the mailbox",
            *lines,
        ]
    )
