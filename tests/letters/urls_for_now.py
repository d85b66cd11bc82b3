from django.http import HttpResponse
from django.urls import include, path
def v(request, *a, **k): return HttpResponse()
urlpatterns = [path("visits/<uuid:public_id>/", include(([path("", v, name="visit")], "portal"))),
  path("letters/", include("bookings.letterbox.urls"))]
