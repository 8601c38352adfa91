"""Phone numbers as people read them."""

_TWO_DIGITS = ("30", "40", "69", "89")
_THREE_DIGITS = (
    " 201 202 203 208 209 211 212 214 221 228 231 234 241 251 261 271 281 291 331 335 340 341 345 351 355 361 365 371 "
    "375 381 385 391 395 421 431 441 451 461 471 481 491 511 521 531 541 551 561 571 581 591 611 621 631 641 651 661 "
    "671 681 711 721 731 741 751 761 771 781 791 800 821 831 841 851 861 871 881 906 911 921 931 941 951 961 971 981 "
    "991 115 116 137 180 900 "
)
# In the east most codes have five digits; these are the towns with four (numbering plan of the
# Bundesnetzagentur, groups 34 and 39). An unknown code is only grouped less well, never wrongly dialled.
_EASTERN_FOUR_DIGITS = (
    " 3421 3423 3425 3431 3433 3435 3437 3441 3443 3445 3447 3448 3461 3464 3466 3471 3473 3475 3476 3491 3493 3494 "
    "3496 3901 3902 3904 3907 3909 3921 3923 3925 3928 3931 3933 3935 3937 3941 3943 3944 3946 3947 3949 3961 3962 "
    "3963 3964 3965 3966 3967 3968 3969 3971 3973 3976 3981 3984 3987 3991 3994 3996 3998 "
)


def _area_code_length(national: str) -> int:
    if national.startswith(("15", "16", "17")) or f" {national[:3]} " in _THREE_DIGITS:
        return 3
    if national.startswith(_TWO_DIGITS):
        return 2
    if national.startswith("3") and f" {national[:4]} " not in _EASTERN_FOUR_DIGITS:
        return 5
    return 4


def _grouped(digits: str) -> str:
    """Cut into groups of at most four, the shorter one first; up to five digits stay together."""
    if len(digits) <= 5:
        return digits
    size = 3 if len(digits) % 3 == 0 else 4
    first = len(digits) % size
    groups = ([digits[:first]] if first else []) + [digits[i : i + size] for i in range(first, len(digits), size)]
    if len(groups) > 1 and len(groups[0]) == 1:
        groups[:2] = [groups[0] + groups[1]]
    return " ".join(groups)


def readable_phone(number: str) -> str:
    """Return a German E.164 number in national form; short codes and foreign numbers in groups."""
    text = str(number).strip()
    if text.startswith("+49") and text[3:].isdigit():
        national = text[3:]
        length = _area_code_length(national)
        return f"0{national[:length]} {_grouped(national[length:])}".strip()
    if text.startswith("+") and text[1:].isdigit():
        return f"{text[:3]} {_grouped(text[3:])}"
    return _grouped(text) if text.isdigit() else text
