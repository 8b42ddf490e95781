"""A call as a carrier follows it: document by document, each asked for with its signature."""

from xml.etree import ElementTree

from tests.integration.api.test_carrier import signed
from watchword.delivery.links import public_url


class Step:
    """One document of the call."""

    def __init__(self, url: str, **form: str) -> None:
        self._form = {"CallStatus": "in-progress"} | form
        answer = signed(url.removeprefix(public_url()), self._form)
        assert answer.status_code == 200
        self.root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own

    @property
    def says(self) -> str:
        return " ".join(say.text or "" for say in self.root.iter("Say"))

    @property
    def languages(self) -> list[str]:
        """Of each sentence, in order, without repeating itself."""
        spoken = [say.attrib["language"] for say in self.root.iter("Say")]
        return [each for place, each in enumerate(spoken) if place == 0 or spoken[place - 1] != each]

    @property
    def ends(self) -> bool:
        return self.root.find("Hangup") is not None and self.root.find("Gather") is None

    def press(self, digits: str) -> "Step":
        gather = self.root.find("Gather")
        assert gather is not None
        return self._go(gather.attrib["action"], Digits=digits)

    def keys(self, *presses: str) -> "Step":
        """Press these, each when it is asked for."""
        step = self
        for digits in presses:
            step = step.press(digits)
        return step

    def wait(self) -> "Step":
        """Press nothing."""
        redirect = self.root.find("Redirect")
        assert redirect is not None
        assert redirect.text
        return self._go(redirect.text)

    def dialled(self, status: str) -> "Step":
        """Be connected, which ends so."""
        dial = self.root.find("Dial")
        assert dial is not None
        return self._go(dial.attrib["action"], DialCallStatus=status)

    def _go(self, url: str, **more: str) -> "Step":
        kept = {name: value for name, value in self._form.items() if name == "From"}
        return Step(url, **kept, **more)
