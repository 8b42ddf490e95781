"""The addresses of a registrant's own pages. Their cookie goes to these alone."""

from django.urls import path

from watchword.site.account import contacts, door, oneself, overview, times

urlpatterns = [
    path("", overview.overview, name="my"),
    path("/in", door.sign_in, name="my-in"),
    path("/forgot", door.forgot, name="my-forgot"),
    path("/link/<str:token>", door.link, name="my-link"),
    path("/leave", door.leave, name="my-leave"),
    path("/erased", door.erased, name="my-erased"),
    path("/switch/<int:number>", overview.switch, name="my-switch"),
    path("/messages", overview.messages, name="my-messages"),
    path("/messages/<int:number>/read", overview.read, name="my-read"),
    path("/about", overview.about, name="my-about"),
    path("/signup/<int:number>/pause", overview.pause, name="my-pause"),
    path("/signup/<int:number>/resume", overview.resume, name="my-resume"),
    path("/signup/<int:number>/end", overview.end, name="my-end"),
    path("/signup/<int:number>/hand-over", overview.hand_over, name="my-hand-over"),
    path("/contacts", contacts.contacts, name="my-contacts"),
    path("/contacts/add", contacts.add, name="my-contact-add"),
    path("/contacts/<int:number>", contacts.contact, name="my-contact"),
    path("/contacts/<int:number>/code", contacts.give, name="my-contact-code"),
    path("/contacts/<int:number>/use", contacts.use, name="my-contact-use"),
    path("/contacts/<int:number>/hours", contacts.unsafe, name="my-contact-hours"),
    path("/contacts/<int:number>/test", contacts.test, name="my-contact-test"),
    path("/contacts/<int:number>/remove", contacts.remove, name="my-contact-remove"),
    path("/quiet", times.quiet, name="my-quiet"),
    path("/quiet/hours", times.hours, name="my-quiet-hours"),
    path("/quiet/days", times.days, name="my-quiet-days"),
    path("/quiet/<int:number>/end", contacts.end_hours, name="my-quiet-end"),
    path("/language", oneself.language, name="my-language"),
    path("/pin", oneself.pin, name="my-pin"),
    path("/sure", oneself.make_sure, name="my-sure"),
    path("/data", oneself.data, name="my-data"),
    path("/data/export", oneself.export, name="my-export"),
    path("/data/erase", oneself.erase, name="my-erase"),
]
