"""What a page says, as frozen dataclasses made by pure functions; knows neither requests nor HTML."""
