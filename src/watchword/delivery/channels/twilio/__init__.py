"""Texts and calls through Twilio's HTTP API, or any provider that speaks it (SignalWire, `watchword carrier`)."""
