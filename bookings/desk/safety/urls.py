"""The addresses of changes of safety data."""

from django.urls import path

from . import review_views, text_views, views

urlpatterns = [
    path("", views.safety, name="safety"),
    path("reviews/", review_views.reviews, name="safety_reviews"),
    path("reviews/<slug:kind>/<slug:group>/", review_views.review_group, name="safety_review_group"),
    path("reviews/<slug:kind>/<slug:group>/noted/", review_views.note_review, name="safety_note_review"),
    path("catalogue/", review_views.catalogue_changes, name="safety_catalogue"),
    path("texts/", text_views.texts, name="safety_texts"),
    path("texts/<int:pk>/", text_views.text, name="safety_text"),
    path("texts/<int:pk>/approve/", text_views.approve, name="safety_approve_text"),
    path("<uuid:public_id>/confirm/", views.confirm, name="safety_confirm"),
    path("<uuid:public_id>/confirm-alone/", views.confirm_alone, name="safety_confirm_alone"),
    path("<uuid:public_id>/decline/", views.decline, name="safety_decline"),
    path("<uuid:public_id>/withdraw/", views.withdraw, name="safety_withdraw"),
    path("<uuid:public_id>/again/", views.propose_again, name="safety_again"),
    path("<uuid:public_id>/seen/", views.note_seen, name="safety_seen"),
    path("<uuid:public_id>/take-back/", views.take_back, name="safety_take_back"),
]
