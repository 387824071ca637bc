"""Lines from a unit to its strongest inputs."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QWidget

from app.inside.edges import Edge, EdgesLayer


def test_an_edge_passes_behind_the_words_that_it_would_cross(qtbot):
    column = QWidget()
    qtbot.addWidget(column)
    column.resize(100, 100)
    layer = EdgesLayer(column)
    column.show()
    edge = Edge(QPointF(50, 5), QPointF(50, 95), 1.0)
    layer.show_edges([edge], [QRectF(20, 40, 60, 20)])
    with_words = column.grab().toImage()
    layer.show_edges([edge])
    alone = column.grab().toImage()
    assert with_words.pixelColor(50, 20) == alone.pixelColor(50, 20) != alone.pixelColor(5, 20)
    assert with_words.pixelColor(50, 50) == alone.pixelColor(5, 50) != alone.pixelColor(50, 50)
