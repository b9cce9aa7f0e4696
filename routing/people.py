"""The words by which residents call people, and the words that tell a time of life. Tables only; ``routing.household`` reads them."""

from collections.abc import Mapping

from routing.referral import Kind, Stage

PERSONS: Mapping[str, str] = {
    "self": "私 わたし わたくし わだし あたし 僕 ぼく 俺 おれ おら わし 自分 当方",
    "mother": (
        "母 母親 お母さん おかあさん かあさん 母さん 母ちゃん かあちゃん おっかあ おふくろ お袋 ママ 義母 お義母さん 姑 実母 継母 養母"
    ),
    "father": ("父 父親 お父さん おとうさん とうさん 父さん 父ちゃん とうちゃん おやじ 親父 オヤジ パパ 義父 お義父さん 舅 実父 継父 養父"),
    "parents": "両親 父母 親 親御さん 老親",
    "grandmother": "祖母 おばあちゃん ばあちゃん 婆ちゃん ばあば ばっちゃ ばんちゃん おばあさん ばあさん 婆さん ばさま お婆さん",
    "grandfather": "祖父 おじいちゃん じいちゃん 爺ちゃん じいじ じっちゃ じんちゃん おじいさん じいさん 爺さん じさま お爺さん",
    "grandparents": "祖父母",
    "husband": "夫 旦那 だんな ダンナ 主人 亭主 おっと 旦那さん ご主人 婿 娘婿",
    "wife": "妻 嫁 お嫁さん 嫁さん 女房 家内 奥さん かみさん つま",
    "spouse": "配偶者 連れ合い つれあい",
    "partner": "彼氏 恋人 同棲相手 内縁 婚約者 パートナー",
    "former_partner": "元夫 元妻 元旦那 元だんな 元嫁 元彼 元カレ 前の夫 前の妻 別れた夫 別れた妻 別れた彼氏",
    "son": "息子 むすこ せがれ 長男 次男 二男 三男",
    "daughter": "娘 むすめ 長女 次女 二女 三女",
    "child": (
        "子ども 子供 こども 赤ちゃん あかちゃん 赤ん坊 乳児 幼児 園児 男の子 女の子 この子 その子 あの子 うちの子 上の子 下の子 末っ子 双子"
    ),
    "pupil": "生徒 児童 教え子 男子生徒 女子生徒 クラスの男子 クラスの女子",
    "grandchild": "孫 まご 孫娘 孫息子",
    "brother": "兄 弟 お兄ちゃん 兄ちゃん おにいちゃん 兄さん 兄貴 おとうと 義兄 義弟",
    "sister": "姉 妹 お姉ちゃん 姉ちゃん おねえちゃん 姉さん いもうと 義姉 義妹",
    "siblings": "兄弟 姉妹 きょうだい",
    "uncle": "叔父 伯父 おじさん",
    "aunt": "叔母 伯母 おばさん",
    "relative": "甥 姪 いとこ 従兄弟 従姉妹 親戚 親族",
    "friend": "友達 友だち ともだち 友人 幼なじみ 幼馴染 ママ友 知人 知り合い 同級生 同僚",
    "neighbour": "隣人 お隣さん 隣の人 隣の家 となりの家 お隣 近所の人 近所のお宅 隣の部屋 となりの部屋 上の階 下の階 同じアパート",
    "tenant": "入居者 住人 借主 店子",
    "client": "利用者 患者さん ご夫婦",
    "other": "男性 女性 男の人 女の人 その人 この人 その方 この方",
    "": (
        # Words that hold one of those above and name nobody.
        "母子 母国 母校 母乳 母語 母体 父子 夫婦 夫妻 大丈夫 丈夫 工夫 主人公 弟子 親切 親しい 親しく 親友 親子 親権 親身 親方 片親 里親 "
        "児童相談所 児童養護施設 児童館 児童クラブ 児童扶養手当 児童手当 児童委員 "
        "生徒会 自分たち 子どもの頃 子供の頃 子どものころ 友人関係 友達関係 両親学級 "
        "母子家庭 父子家庭 ママ友との 自分で 自分から 自分の中 女性相談 男性相談"
    ),
}
"""Person → words, longest first when they overlap. The empty person takes words out."""

STAGE_WORDS: Mapping[Stage, str] = {
    Stage.INFANT: "赤ちゃん あかちゃん 赤ん坊 乳児 乳飲み子 新生児 幼児 園児 未就学 年少 年中 年長 0歳児 こども園 保育園児 幼稚園児 生後",
    Stage.CHILD: "小学生 中学生 高校生 小学校 生徒 児童 しょうがくせい ちゅうがくせい こうこうせい",
    Stage.ADULT: "大学生 専門学生 社会人 成人",
    Stage.ELDER: "高齢 お年寄り 年寄り 老いた",
}
"""Words that tell a time of life without a number; they stand for the person named beside them."""

STAGE_OF: Mapping[str, Stage] = {
    "grandmother": Stage.ELDER,
    "grandfather": Stage.ELDER,
    "grandparents": Stage.ELDER,
    "pupil": Stage.CHILD,
}
"""What the word for a person tells by itself."""

ASKS: Mapping[Kind, str] = {
    Kind.LEGAL: (
        r"相続|遺産|遺言|親権|慰謝料|財産分与|財産の分け|成年後見|調停|弁護士|司法書士|養育費の(?:取り決め|請求)"
        r"|公正証書|養育費[^。]{0,12}(?:決め|書面)|離婚の(?:話|こと|手続|条件|相談)|離婚を(?:考え|言われ|切り出|迫)|離婚したい(?!わけ)"
    ),
}
"""What residents say where they mean the matters of one kind of window, whatever else they tell."""

REQUESTS: Mapping[Kind, str] = {
    Kind.ELDERLY: r"介護保険|要介護|介護認定|ケアマネ|ヘルパー|訪問介護|デイサービス|ショートステイ|老人ホーム|特養|地域包括|介護",
    Kind.DISABILITY: (
        r"手帳|障[害がい]+年金|作業所|就労(?:継続|移行)|生活介護|短期入所|グループホーム|移動支援|放課後(?:等)?デイ"
        r"|障[害がい]+の?(?:手続|福祉|サービス)"
    ),
    Kind.HEALTH: r"受診|精神科|心療内科|病院に(?:連れ|つれ)|依存症|やめられ",
    Kind.CHILD: r"保育|子育て|産後|一時預かり|ファミサポ|養育費|児童扶養",
    Kind.EDUCATION: r"学校に(?:行|もど|戻)|フリースクール|転校|不登校",
    Kind.POVERTY: r"生活保護|食べるもの|お米|生活費|貸付|食べていく",
    Kind.EMPLOYMENT: r"働ける(?:所|ところ|場)|働き方|仕事を?(?:探|紹介)|ハローワーク",
    Kind.CONSUMER: r"取り消|クーリング|解約|だまされ",
    Kind.HOUSING: r"(?:市営|県営|公営)住宅|アパートを|住(?:む|める)(?:所|ところ)",
    Kind.COMMUNITY: r"集まり|サロン|居場所|行け(?:る|そうな)(?:所|ところ|場所)|話し相手",
}
"""What a sentence that asks or wishes is about: the kind of window that the writer has in mind. Many mean nothing else by these words."""

OUTSIDE = frozenset({"friend", "former_partner", "neighbour"})
"""People who are named in passing more often than for a difficulty of theirs, unless an outsider writes."""

ROLES: Mapping[str, tuple[str, str]] = {
    # role: (actor, pattern of the writer's own words)
    "minsei": ("minsei", r"民生(?:・?児童)?委員|児童委員"),
    "care_manager": ("agency", r"ケアマネ(?:ー?ジャー)?|居宅介護支援|居宅のケア"),
    "teacher": ("agency", r"教員|教諭|教師|担任|校長|教頭|スクールカウンセラー|スクールソーシャルワーカー|SSW|SC"),
    "nursery": (
        "agency",
        r"保育士|保育教諭|(?:保育園|保育所|こども園|幼稚園)(?=の(?:者|職員|先生|園長|主任|担当|担任|看護師)|で働いて|で教えて|に勤め)",
    ),
    "medical": ("agency", r"病院の相談員|医療相談員|MSW|看護師|保健師|医師|薬剤師|助産師|訪問看護"),
    "helper": ("agency", r"ヘルパー|訪問介護|介護職員|デイサービスの(?:職員|者)|施設の?職員"),
    "support_worker": ("agency", r"相談支援専門員|支援員|相談員|社会福祉士|包括|社協|社会福祉協議会|作業所の職員|保護司|事業所の者"),
    "lawyer": ("agency", r"弁護士|司法書士"),
    "community_leader": ("resident", r"自治会長|町内会長|(?:自治会|町内会)の?役員|区長|班長|福祉協力員|見守り隊"),
    "tutor": ("resident", r"(?:塾|学童|習い事)(?=の(?:者|講師|先生|職員|指導員)|で働いて|で教えて|をして|をやって|に勤め)"),
    "landlord": ("resident", r"大家|家主|アパートの管理|管理会社|不動産"),
    "employer": ("resident", r"会社の上司|経営者|社長|店長|従業員の上司"),
}
"""What a writer may be by work or office. A resident who tells of a social worker is none: the words must be about the writer."""
