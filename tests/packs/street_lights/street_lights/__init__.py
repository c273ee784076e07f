"""路灯: lamps on the register, those that are broken, and what residents say of them."""
