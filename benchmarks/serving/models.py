"""Where the rivals store what they got: one row a batch."""

from django.db import models


class Batch(models.Model):
    """A batch as it came."""

    session = models.UUIDField()
    seq = models.PositiveIntegerField()
    events = models.BinaryField()

    objects: models.Manager["Batch"]

    class Meta:
        app_label = "serving"
        constraints = [
            models.UniqueConstraint(fields=["session", "seq"], name="one_batch")
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.seq}"
