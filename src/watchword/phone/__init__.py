"""Call menus, spoken to a carrier as TwiML."""
