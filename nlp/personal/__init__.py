"""Personal data in a text: phone numbers, postal codes, addresses, names, mail addresses, cards, my-number, LINE ids."""

from nlp.personal.find import find_personal_data

__all__ = ["find_personal_data"]
