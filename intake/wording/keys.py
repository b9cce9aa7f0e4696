"""Every sentence that the dialogue may ask for, with the parameters it brings. The YAML files must say each of them."""

from enum import StrEnum


class Key(StrEnum):
    """The keys of the wording. ``ask_*`` and ``confirm_*`` are questions: at most one of them stands in a turn."""

    GREETING_HELLO = "greeting_hello"
    GREETING_LIMITS = "greeting_limits"
    GREETING_SHORT = "greeting_short"
    WELCOME_BACK = "welcome_back"
    GREETING_BACK = "greeting_back"
    ASK_WHOM = "ask_whom"
    ASK_WHAT = "ask_what"
    ASK_CANDIDATES = "ask_candidates"
    RECEIVED = "received"
    RECEIVED_FAMILY = "received_family"
    RECEIVED_REPORT = "received_report"
    RECEIVED_SUPPORTER = "received_supporter"
    RECEIVED_WATCH = "received_watch"
    RECEIVED_VAGUE = "received_vague"
    RECEIVED_QUESTION = "received_question"
    RECEIVED_MORE = "received_more"
    ASK_DISTRICT = "ask_district"
    ASK_DISTRICT_WHICH = "ask_district_which"
    CONFIRM_DISTRICT = "confirm_district"
    DISTRICT_NOTED = "district_noted"
    DISTRICT_CORRECTED = "district_corrected"
    DISTRICT_UNKNOWN = "district_unknown"
    DISTRICT_SKIPPED = "district_skipped"
    WINDOW_CARD = "window_card"
    OFFER_WINDOW = "offer_window"
    OFFER_WINDOW_WAITING = "offer_window_waiting"
    PERSON_COMING = "person_coming"
    OFFER_PERSON = "offer_person"
    OFFER_PERSON_ONLY = "offer_person_only"
    NIGHT_UNREAD = "night_unread"
    NIGHT_DUTY = "night_duty"
    NIGHT_CONTRACTED = "night_contracted"
    ASK_UNFIT = "ask_unfit"
    UNFIT_REFUSED = "unfit_refused"
    UNFIT_FAR = "unfit_far"
    UNFIT_KNOWN = "unfit_known"
    UNFIT_TIME = "unfit_time"
    UNFIT_SCARED = "unfit_scared"
    UNFIT_UNTOLD = "unfit_untold"
    NO_OTHER_WINDOW = "no_other_window"
    DECLINED_OK = "declined_ok"
    ACCEPTED_CHOOSE = "accepted_choose"
    HANDED_OVER = "handed_over"
    WAITING_ACK = "waiting_ack"
    WAITING_ACK_RISK = "waiting_ack_risk"
    PASSED_ON = "passed_on"
    """Another person answers from now on, and by when."""
    LATE_APOLOGY = "late_apology"
    CRISIS_SUICIDE = "crisis_suicide"
    CRISIS_SELF_HARM = "crisis_self_harm"
    CRISIS_VIOLENCE = "crisis_violence"
    CRISIS_ABUSE = "crisis_abuse"
    CRISIS_DEPRIVATION = "crisis_deprivation"
    CRISIS_MEDICAL = "crisis_medical"
    CRISIS_OTHER_PERSON = "crisis_other_person"
    URGENT_SUICIDE = "urgent_suicide"
    URGENT_SELF_HARM = "urgent_self_harm"
    URGENT_VIOLENCE = "urgent_violence"
    URGENT_ABUSE = "urgent_abuse"
    URGENT_DEPRIVATION = "urgent_deprivation"
    URGENT_MEDICAL = "urgent_medical"
    URGENT_OTHER_PERSON = "urgent_other_person"
    OWN_VIOLENCE = "own_violence"
    REPORT_ABUSE = "report_abuse"
    REPORT_ABUSE_NIGHT = "report_abuse_night"
    RISK_LINES = "risk_lines"
    RISK_PERSON_OPEN = "risk_person_open"
    RISK_PERSON_UNREAD = "risk_person_unread"
    RISK_PERSON_DUTY = "risk_person_duty"
    RISK_PERSON_CONTRACTED = "risk_person_contracted"
    HELD_LINES = "held_lines"
    ASK_SAFE = "ask_safe"
    SAFE_YES = "safe_yes"
    SAFE_NO = "safe_no"
    NOTICES_STOPPED = "notices_stopped"
    ENDED = "ended"
    END_AT_RISK = "end_at_risk"
    CONFIRM_ERASE = "confirm_erase"
    ERASED = "erased"
    ERASE_KEPT = "erase_kept"
    STORED = "stored"
    LISTEN_START = "listen_start"
    LISTEN_ON = "listen_on"
    STICKER = "sticker"
    MEDIA = "media"
    LOCATION = "location"
    ONE_WORD = "one_word"
    UNREADABLE = "unreadable"
    SILENCE = "silence"
    UNKNOWN_EVENT = "unknown_event"
    UNKNOWN_TAP = "unknown_tap"
    THANKS_BACK = "thanks_back"
    COMPLAINT = "complaint"
    PERSONAL_DATA = "personal_data"
    OTHER_LANGUAGE = "other_language"
    ASK_CHECKIN = "ask_checkin"
    ASK_CHECKIN_OWN = "ask_checkin_own"
    ASK_CHECKIN_HOURS = "ask_checkin_hours"
    CONFIRM_CHECKIN = "confirm_checkin"
    CHECKIN_BEGUN = "checkin_begun"
    CHECKIN_CARD = "checkin_card"
    CHECKIN_DECLINED = "checkin_declined"
    CHECKIN_PAUSED = "checkin_paused"
    CHECKIN_RESUMED = "checkin_resumed"
    CHECKIN_ENDED = "checkin_ended"
    CHECKIN_THANKS = "checkin_thanks"
    CHECKIN_WITH_STAFF = "checkin_with_staff"
    CONSENT_YES = "consent_yes"
    CONSENT_NO = "consent_no"


class Choice(StrEnum):
    """The choices under a turn, as they stand in postback data after the version."""

    STAFF = "staff"
    OTHER = "other"
    LISTEN = "listen"
    WINDOW = "window"
    SKIP = "skip"
    NONE = "none"
    ELSE = "else"
    END = "end"
    STOP = "stop"
    ERASE = "erase"
    ERASE_YES = "erase:yes"
    ERASE_NO = "erase:no"
    STORED = "stored"
    WHO_SELF = "who:self"
    WHO_FAMILY = "who:family"
    UNFIT_REFUSED = "unfit:refused"
    UNFIT_FAR = "unfit:far"
    UNFIT_KNOWN = "unfit:known"
    UNFIT_TIME = "unfit:time"
    UNFIT_SCARED = "unfit:scared"
    SAFE_YES = "safe:yes"
    SAFE_NO = "safe:no"
    CHECKIN = "checkin"
    CHECKIN_GENTLE = "checkin:gentle"
    CHECKIN_MONTHLY = "checkin:monthly"
    CHECKIN_FORTNIGHTLY = "checkin:fortnightly"
    CHECKIN_OWN = "checkin:own"
    CHECKIN_WEEKLY = "checkin:d7"
    CHECKIN_THREE_WEEKS = "checkin:d21"
    CHECKIN_EIGHT_WEEKS = "checkin:d56"
    CHECKIN_TWELVE_WEEKS = "checkin:d84"
    CHECKIN_RHYTHM = "checkin:rhythm"
    CHECKIN_HOURS = "checkin:hours"
    CHECKIN_MORNING = "checkin:morning"
    CHECKIN_AFTERNOON = "checkin:afternoon"
    CHECKIN_DAYTIME = "checkin:daytime"
    CHECKIN_WINDOW = "checkin:window"
    CHECKIN_NEUTRAL = "checkin:neutral"
    CHECKIN_ORDINARY = "checkin:ordinary"
    CHECKIN_PLAIN = "checkin:plain"
    CHECKIN_YES = "checkin:yes"
    CHECKIN_NO = "checkin:no"
    CHECKIN_CHANGE = "checkin:change"
    CHECKIN_PAUSE = "checkin:pause"
    CHECKIN_RESUME = "checkin:resume"
    CHECKIN_END = "checkin:end"


class Word(StrEnum):
    """Small words that cards and lists are made of."""

    PHONE = "phone"
    PHONE_LINE = "phone_line"
    OPEN_CHAT = "open_chat"
    ALT = "alt"
    SAMPLE = "sample"
    AND = "and"
    OPEN_LINES = "open_lines"
    PACE_TIMES = "pace_times"
    """Staff answer at fixed times of the day."""
    PACE_CROWDED = "pace_crowded"
    """So many wait that it takes longer than usual."""
    AND_TIMES = "and_times"
    SOURCE = "source"
    FIELD_ELDERLY = "field_elderly"
    FIELD_DISABILITY = "field_disability"
    FIELD_CHILD = "field_child"
    FIELD_POVERTY = "field_poverty"
    RHYTHM_GENTLE = "rhythm_gentle"
    RHYTHM_MONTHLY = "rhythm_monthly"
    RHYTHM_FORTNIGHTLY = "rhythm_fortnightly"
    RHYTHM_D7 = "rhythm_d7"
    RHYTHM_D21 = "rhythm_d21"
    RHYTHM_D56 = "rhythm_d56"
    RHYTHM_D84 = "rhythm_d84"
    RHYTHM_OWN = "rhythm_own"
    """After a number of days that the resident said in words."""
    RHYTHM_HEAVY = "rhythm_heavy"
    HOURS_MORNING = "hours_morning"
    HOURS_AFTERNOON = "hours_afternoon"
    HOURS_DAYTIME = "hours_daytime"
    STYLE_ORDINARY = "style_ordinary"
    STYLE_PLAIN = "style_plain"


POSTBACK_VERSION = "v1:"
"""What stands before every choice in postback data. Old buttons stay in the talk for ever: a changed meaning needs a new version."""

_PROMISE = frozenset({"promise"})
_TOPICS = frozenset({"topics"})
_DISTRICT = frozenset({"district"})
_LINES = frozenset({"lines"})
_NIGHT = frozenset({"promise", "open"})
_CHECKIN = frozenset({"checkin"})

PARAMS: dict[Key, frozenset[str]] = {
    Key.RECEIVED: _TOPICS,
    Key.RECEIVED_FAMILY: _TOPICS,
    Key.RECEIVED_REPORT: _TOPICS,
    Key.RECEIVED_SUPPORTER: _TOPICS,
    Key.RECEIVED_QUESTION: _TOPICS,
    Key.RECEIVED_MORE: _TOPICS,
    Key.CONFIRM_DISTRICT: _DISTRICT,
    Key.DISTRICT_NOTED: _DISTRICT,
    Key.DISTRICT_CORRECTED: _DISTRICT,
    Key.WINDOW_CARD: frozenset({"window", "name", "kind"}),
    Key.WAITING_ACK_RISK: _NIGHT,
    Key.PASSED_ON: frozenset({"promise", "place"}),
    Key.NIGHT_UNREAD: _NIGHT,
    Key.NIGHT_DUTY: _NIGHT,
    Key.NIGHT_CONTRACTED: _NIGHT,
    Key.RISK_LINES: _LINES,
    Key.HELD_LINES: _LINES,
    Key.OTHER_LANGUAGE: frozenset({"promise", "lines", "language"}),
    Key.CONFIRM_CHECKIN: _CHECKIN,
    Key.CHECKIN_CARD: _CHECKIN,
    **dict.fromkeys(
        (
            Key.OFFER_WINDOW_WAITING,
            Key.PERSON_COMING,
            Key.OFFER_PERSON,
            Key.OFFER_PERSON_ONLY,
            Key.NO_OTHER_WINDOW,
            Key.HANDED_OVER,
            Key.WAITING_ACK,
            Key.LATE_APOLOGY,
            Key.REPORT_ABUSE,
            Key.REPORT_ABUSE_NIGHT,
            Key.RISK_PERSON_OPEN,
            Key.RISK_PERSON_UNREAD,
            Key.RISK_PERSON_DUTY,
            Key.RISK_PERSON_CONTRACTED,
            Key.LISTEN_START,
            Key.MEDIA,
            Key.COMPLAINT,
            Key.CHECKIN_THANKS,
            Key.CHECKIN_WITH_STAFF,
        ),
        _PROMISE,
    ),
}
"""What each key brings; keys not named bring nothing."""

ALWAYS = frozenset({"city", "desk", "hours", "pace"})
"""Parameters that every sentence may use: the municipality's name, its own desk, the hours in which staff read, and how they answer
where that is not as usual (a sentence of its own, or nothing)."""

STYLE = frozenset({"choices", "variant", "kana", "silent", "waiting"})
"""Parameters that are not words: choices under the turn, which variant, plain kana, no sound, a card in a talk that waits."""

FORMED = {
    "promise": frozenset({"promise"}),
    "place": frozenset({"place"}),
    "topics": frozenset({"topics", "felt"}),
    "district": frozenset({"district"}),
    "lines": frozenset({"lines"}),
    "open": frozenset({"open"}),
    "language": frozenset({"own"}),
    "checkin": frozenset({"rhythm", "when", "sender", "style"}),
}
"""Which placeholders in a sentence come from which parameter."""

CARDS = frozenset({Key.WINDOW_CARD})
"""Keys that become cards and have no sentence of their own."""


def placeholders(key: Key) -> frozenset[str]:
    """Return the placeholders that the sentences of ``key`` may hold."""
    formed = [FORMED[name] for name in PARAMS.get(key, frozenset()) if name in FORMED]
    return ALWAYS.union(*formed)
