"""Texts and calls through Twilio's HTTP API, or any provider that speaks it: SignalWire, Telnyx, `watchword carrier`.

What differs between them is data (`dialects`).
"""
