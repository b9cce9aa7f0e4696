"""What a check-in never says: it asks nothing, advises nothing, praises and diagnoses nobody, and knows no family feasts. Pure."""

import re
import unicodedata

LONGEST = 120
_MOST_SENTENCES = 4
_NEVER: dict[str, re.Pattern[str]] = {
    "asks": re.compile(
        r"[?]|(?:です|ます|でした|ました|でしょう|ません|いかが|どう|ました)か(?:[。、\s]|$)|教えて|おしえて|聞かせ|きかせ|ください|いかが|どうして|ますように|お元気|おげんき"
        r"|お待ち|おまち|待ってい|(?<!さ)まってい|お返事を|へんじを|連絡を|れんらくを"
    ),
    "advises": re.compile(
        r"ましょう|ほうが|べき|てみて|てみる|お試し|おすすめ|お勧め|気をつけ|きをつけ|大切に|たいせつに|自愛|無理[をせ]|むり[をせし]|休[んみ]|やすん|ゆっくりして[。、く]|相談し|そうだんし"
        r"|しなければ|しないと|のが一番|のが よい|あたたかく|元気を出|前向き"
    ),
    "praises": re.compile(r"えら[いく]|偉|すご|がんば|頑張|立派|さすが|素晴らし|すばらし|よくでき|じょうず|上手|ほめ|尊敬"),
    "diagnoses": re.compile(
        r"うつ(?:病|状態)|病気|びょうき|症状|不眠|眠れ|ねむれ|疲れ|つかれ|落ちこ|落ち込|おちこ|不安|ふあん|さびし|寂し|孤独|こどく|つら|辛|苦し|くるし|診断|ストレス|障|心配|しんぱい"
    ),
    "knows a feast or a family": re.compile(
        r"正月|しょうがつ|元日|新年|年賀|謹賀|あけまして|母の日|父の日|敬老|こどもの日|子どもの日|ひな祭|節句|お盆|おぼん|彼岸|クリスマス|バレンタイン|七五三|入学|卒業|成人|誕生"
        r"|帰省|初詣|大みそか|年末|家族|かぞく|お母|お父|おかあ|おとう|両親|(?<!丈)夫|妻|子ども|こども|孫|兄弟|実家|夫婦"
    ),
    "promises": re.compile(r"いつでも|必ず|かならず|絶対|ぜったい|24時間|秘密|ひみつ|大丈夫ですよ|守り|まもり|味方|みかた|見守"),
    "names a trouble": re.compile(r"お金|おかね|借金|仕事|しごと|学校|がっこう|介護|死|生きて|命|いのち|食べ|ごはん|おなか"),
}


def faults(text: str) -> list[str]:
    """Say what is wrong with the words of a check-in; an empty list when nothing is."""
    flat = unicodedata.normalize("NFKC", text)
    found = [f"{what}: 「{hit[0]}」" for what, pattern in _NEVER.items() if (hit := pattern.search(flat))]
    if len(text) > LONGEST:
        found.append(f"longer than {LONGEST} characters")
    if text.count("。") > _MOST_SENTENCES:
        found.append(f"more than {_MOST_SENTENCES} sentences")
    return found
