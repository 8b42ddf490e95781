"""What the city's law has its offices publish of federal requests: yearly reports and the quarterly summary."""
