"""What staff read of an attachment: what it is, how far it has come, and what to do where it did not come."""

from collections.abc import Mapping

from intake.attachments.models import Attachment, AttachmentStatus, MediaKind

KIND_WORDS: dict[MediaKind, str] = {
    MediaKind.IMAGE: "画像",
    MediaKind.VIDEO: "動画",
    MediaKind.AUDIO: "音声",
    MediaKind.FILE: "ファイル",
}
_TYPES: dict[str, tuple[str, str]] = {
    "image/jpeg": ("JPEG画像", "jpg"),
    "image/png": ("PNG画像", "png"),
    "image/gif": ("GIF画像", "gif"),
    "image/webp": ("WebP画像", "webp"),
    "image/heic": ("HEIC画像", "heic"),
    "audio/mp4": ("音声", "m4a"),
    "audio/mpeg": ("音声（MP3）", "mp3"),
    "audio/aac": ("音声（AAC）", "aac"),
    "audio/ogg": ("音声（Ogg）", "ogg"),
    "audio/wav": ("音声（WAV）", "wav"),
    "audio/amr": ("音声（AMR）", "amr"),
    "video/mp4": ("動画（MP4）", "mp4"),
    "application/pdf": ("PDF", "pdf"),
    "text/plain": ("文字だけのファイル", "txt"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("Word文書", "docx"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("Excelの表", "xlsx"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("PowerPoint", "pptx"),
}
_NO_ANSWER = "LINEから受け取れませんでした。"
_WHY: Mapping[tuple[AttachmentStatus, str], str] = {
    (AttachmentStatus.WAITING, "no_answer"): f"{_NO_ANSWER}自動で、もう一度試します。",
    (AttachmentStatus.WAITING, "preparing"): "LINEが準備しています。できしだい取り込みます。",
    (AttachmentStatus.WAITING, "unauthorised"): "LINEの設定に誤りがあり、受け取れません。システム管理の担当へ知らせてください。",
    (AttachmentStatus.FAILED, "no_answer"): f"{_NO_ANSWER}もう一度取りに行くか、住民に送り直しをお願いしてください。",
    (AttachmentStatus.FAILED, "preparing"): "LINEの準備が終わりませんでした。もう一度取りに行くか、住民に送り直しをお願いしてください。",
    (
        AttachmentStatus.FAILED,
        "unauthorised",
    ): "LINEの設定に誤りがあり、受け取れませんでした。設定を直してから、もう一度取りに行ってください。",
    (AttachmentStatus.REFUSED, "too_large"): "大きすぎるため、取り込みませんでした。分けて送ってもらうか、言葉でたずねてください。",
    (
        AttachmentStatus.REFUSED,
        "type",
    ): "安全に開けない種類のため、取り込みませんでした。写真かPDFで送ってもらうか、言葉でたずねてください。",
    (AttachmentStatus.REFUSED, "external"): "ほかの場所に置かれたもののため、取りに行きません。言葉でたずねてください。",
}
_STATUS: dict[AttachmentStatus, str] = {
    AttachmentStatus.WAITING: "取り込んでいます。",
    AttachmentStatus.FETCHING: "取り込んでいます。",
    AttachmentStatus.KEPT: "",
    AttachmentStatus.FAILED: _NO_ANSWER,
    AttachmentStatus.REFUSED: "取り込みませんでした。",
    AttachmentStatus.GONE: "LINEの側で、もう消えていました。住民に送り直しをお願いしてください。",
    AttachmentStatus.ERASED: "消去されました。",
}
_KB, _MB = 1000, 1_000_000


def state_words(row: Attachment) -> str:
    """Say how far an attachment has come; empty where it is there."""
    return _WHY.get((row.status, row.reason or ""), _STATUS[row.status])


def type_words(row: Attachment) -> str:
    """Say what the bytes are, and how many."""
    if row.media_type is None or row.size is None:
        return ""
    size = f"{row.size / _MB:.1f}MB" if row.size >= _MB else f"{max(1, row.size // _KB)}KB"
    return f"{_TYPES[row.media_type][0]}・{size}"


def extension_of(row: Attachment) -> str:
    """Return the ending that fits what the bytes are, whatever the name said."""
    return _TYPES[row.media_type or ""][1]
