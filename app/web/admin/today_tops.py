"""What is on top of the day: the arrivals that will not work, and what else needs a person."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.models import Property
from app.services.attention import concerns
from app.services.tonight import tonight
from app.services.tonight_concerns import apart_from
from app.web.admin.attention_view import attention
from app.web.admin.pages import Attention
from app.web.admin.sessions import current
from app.web.admin.tonight_pages import TonightBoard
from app.web.admin.tonight_view import tonight_board


def tops(session: Session, house: Property, at: datetime) -> tuple[TonightBoard, Attention]:
    """Return both; what the board tells of, the attention list does not repeat."""
    shown = tonight(session, house, at)
    others = apart_from(concerns(session, house, at), shown)
    host = current()
    board = tonight_board(house, shown, host, at)
    return board, replace(attention(house, others, host, at), is_all=board.is_calm)
