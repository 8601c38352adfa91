"""Whole numbers as sets: bit i stands for thing i. Adding and comparing for all things at once.

A number per thing is kept as planes: bit i of plane p is bit p of thing i's number. Adding a
value to a set of things, finding the greatest number or the best thousand costs a few operations
on whole planes, however many things there are.
"""

from collections.abc import Iterator, Sequence

DENSE, ONE = 50, ord("1")


def bits(mask: int) -> Iterator[int]:
    """Yield the positions of the set bits, lowest first."""
    digits = bin(mask)[:1:-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)


def mask_of(positions: Sequence[int], size: int) -> int:
    """Return the set of these positions, all below ``size``."""
    if len(positions) * DENSE > size:
        # A byte a position, then all of them at once: half the time where many are set.
        digits = bytearray(b"0") * size
        for position in positions:
            digits[~position] = ONE
        return int(digits, 2)
    buffer = bytearray((size + 7) // 8)
    for position in positions:
        buffer[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(buffer, "little")


def lowest(mask: int, count: int) -> int:
    """Return the ``count`` lowest set bits."""
    if count <= 0:
        return 0
    if mask.bit_count() <= count:
        return mask
    for found, position in enumerate(bits(mask), 1):
        if found == count:
            return mask & ((2 << position) - 1)
    return mask


class Sums:
    """A whole number ≥ 0 for each thing, all 0 at first."""

    __slots__ = ("planes",)

    def __init__(self) -> None:
        self.planes: list[int] = []

    def add(self, mask: int, value: int) -> None:
        """Add ``value`` ≥ 0 to the number of every thing in ``mask``."""
        for _plane in range(len(self.planes), value.bit_length()):
            self.planes.append(0)
        for plane in range(value.bit_length()):
            carry, at = (mask if value >> plane & 1 else 0), plane
            while carry:
                if at == len(self.planes):
                    self.planes.append(0)
                kept = self.planes[at]
                self.planes[at] = kept ^ carry
                carry &= kept
                at += 1

    def copy(self) -> "Sums":
        """Return the same numbers, to add to."""
        other = Sums()
        other.planes = list(self.planes)
        return other

    def greatest(self, mask: int) -> int:
        """Return the greatest number among these things, 0 when there are none."""
        value = 0
        for plane in range(len(self.planes) - 1, -1, -1):
            high = mask & self.planes[plane]
            if high:
                mask = high
                value |= 1 << plane
        return value if mask else 0

    def at_least(self, value: int, mask: int) -> int:
        """Return those of these things whose number is ``value`` or more."""
        if value.bit_length() > len(self.planes):
            return 0 if value else mask
        above, equal = 0, mask
        for plane in range(len(self.planes) - 1, -1, -1):
            if value >> plane & 1:
                equal &= self.planes[plane]
            else:
                above |= equal & self.planes[plane]
                equal &= ~self.planes[plane]
        return above | equal

    def best(self, mask: int, count: int) -> int:
        """Return the ``count`` things with the greatest numbers; equal ones by position, lowest first."""
        chosen = 0
        for plane in range(len(self.planes) - 1, -1, -1):
            high = mask & self.planes[plane]
            fitting = high.bit_count()
            if fitting <= count:
                chosen |= high
                count -= fitting
                mask &= ~high
            else:
                mask = high
        return chosen | lowest(mask, count)

    def of(self, position: int) -> int:
        """Return the number of one thing."""
        return sum((plane >> position & 1) << index for index, plane in enumerate(self.planes))
