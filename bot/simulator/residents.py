"""The invented people of the demo. None of them exists; their troubles are examples of what a window hears."""

from bot.simulator.model import Channel, Resident

DEMO_RESIDENTS = (
    Resident(key="haruka", name="はるか", about="30代・ひとり暮らし。仕事を休みがちで、家賃が心配"),
    Resident(key="yoshio", name="よしお", about="70代・妻を介護中。足が悪く、電話のほうが楽"),
    Resident(key="misaki", name="みさき", about="20代・生後4か月の子と二人の時間が長い"),
    Resident(key="kenta", name="けんた", about="50代・80代の母と同居。長く外に出ていない弟がいる"),
    Resident(key="sora", name="そら", about="中学2年生。学校に行きづらい"),
    Resident(key="tomiko", name="とみこ", about="60代・民生委員。近所の人のことで相談したい"),
)


def demo_channel(*, account: str, name: str, secret: str, access_token: str) -> Channel:
    """Return a channel as a municipality would set it up: chat on, redelivery on, no limit on messages."""
    return Channel(account=account, name=name, secrets=[secret], access_token=access_token, redelivery=True)
