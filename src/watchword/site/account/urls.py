"""The addresses of a registrant's own pages. Their cookie goes to these alone."""

from django.urls import path

from watchword.site.account import contacts, door, oneself, overview, times

urlpatterns = [
    path("my", overview.overview, name="my"),
    path("my/in", door.sign_in, name="my-in"),
    path("my/forgot", door.forgot, name="my-forgot"),
    path("my/link/<str:token>", door.link, name="my-link"),
    path("my/leave", door.leave, name="my-leave"),
    path("my/erased", door.erased, name="my-erased"),
    path("my/switch/<int:number>", overview.switch, name="my-switch"),
    path("my/messages", overview.messages, name="my-messages"),
    path("my/messages/<int:number>/read", overview.read, name="my-read"),
    path("my/about", overview.about, name="my-about"),
    path("my/signup/<int:number>/pause", overview.pause, name="my-pause"),
    path("my/signup/<int:number>/resume", overview.resume, name="my-resume"),
    path("my/signup/<int:number>/mail/<int:contact>", overview.mail_on, name="my-mail-on"),
    path("my/signup/<int:number>/end", overview.end, name="my-end"),
    path("my/signup/<int:number>/hand-over", overview.hand_over, name="my-hand-over"),
    path("my/contacts", contacts.contacts, name="my-contacts"),
    path("my/contacts/add", contacts.add, name="my-contact-add"),
    path("my/contacts/<int:number>", contacts.contact, name="my-contact"),
    path("my/contacts/<int:number>/code", contacts.give, name="my-contact-code"),
    path("my/contacts/<int:number>/use", contacts.use, name="my-contact-use"),
    path("my/contacts/<int:number>/hours", contacts.unsafe, name="my-contact-hours"),
    path("my/contacts/<int:number>/test", contacts.test, name="my-contact-test"),
    path("my/contacts/<int:number>/remove", contacts.remove, name="my-contact-remove"),
    path("my/quiet", times.quiet, name="my-quiet"),
    path("my/quiet/hours", times.hours, name="my-quiet-hours"),
    path("my/quiet/days", times.days, name="my-quiet-days"),
    path("my/quiet/<int:number>/end", contacts.end_hours, name="my-quiet-end"),
    path("my/language", oneself.language, name="my-language"),
    path("my/pin", oneself.pin, name="my-pin"),
    path("my/sure", oneself.make_sure, name="my-sure"),
    path("my/data", oneself.data, name="my-data"),
    path("my/data/export", oneself.export, name="my-export"),
    path("my/data/erase", oneself.erase, name="my-erase"),
]
