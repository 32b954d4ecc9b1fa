"""The patterns by which the reporting agency is found: names of public bodies and the places that tell."""

from __future__ import annotations

import re

HAN = r"[\u4e00-\u9fff]"
SUFFIX = (
    r"人民政府办公[厅室]|人民政府|政府办公[厅室]|(?<=[省市县区乡镇旗州盟木])政府|街道办事处|地区办事处|办事处|管理委员会|管委会|行政公署|行署|委员会|大学|学院|学校|中学|小学|幼儿园|医院|保健院|卫生院|卫生所"
    r"|有限责任公司|有限公司|公司|集团|人民法院|法院|检察院|研究院|研究所|设计院|总队|支队|大队|中队|海关|银行|兵团|(?:第[一二三四五六七八九十]+)师|\d+团|[一二三四五六七八九十]+团|[农林牧渔茶盐]场|园艺场|垦殖场|水厂|林业局|总局|分局|管理局|局|[民交水财司审商文教科建国住]?厅|署"
    r"|中心|总站|站|管理所|所|管理处|处|联合会|协会|供销合作社|档案馆|图书馆|博物馆|馆|党校|(?:发改|卫健|卫计|计生|城管|商务|经信|建|农|教|国资|住建|交通|规)委(?!员)|人社局"
    r"|政府办|办公[厅室]|编办|法制办|信访办|应急办|人防办|扶贫办|外侨办|政务服务办|指挥部|领导小组"
)
PLACE_END = r"省|自治区|市|自治州|州|盟|地区|自治县|县|自治旗|旗|区|镇|乡|民族乡|苏木|街道"
NAME = rf"{HAN}(?:{HAN}|[·（）()](?={HAN})){{1,32}}?(?:{SUFFIX})"
YEAR = r"(?:(?:19|20)\d{2}(?:[-—–至~到/](?:19|20)?\d{2})?|[一二][〇○零0O九一二三四五六七八]{3})\s*(?:学年度?|年度?)?"
KIND = r"(?:\s|第?[一二三四]季度|关于|开展|做好|贯彻|落实|实施|推进|政府|政务|校务|院务|园务|厂务|警务|检务|审务|司法|党务|办事|依法|信息|行政|法治|阳光|《.{0,18}》|工作)*公开"
PAREN = r"(?:[（(][^）)]{2,30}[）)])?"
TITLE_LEAD = (
    r"(?:[【\[](?:19|20)\d\d年?度?[】\]]|\W)*"  # a page may put the year in brackets before its title
)
TITLES = (
    re.compile(
        rf"^{TITLE_LEAD}(?P<name>{HAN}[\u4e00-\u9fff、（）()·\d]{{1,38}}?){PAREN}(?:关于|\s|-|—)*{YEAR}(?:{HAN}{{0,4}})(?={KIND}){KIND}"
    ),
    re.compile(
        rf"^{TITLE_LEAD}{YEAR}(?:度)?(?P<name>{HAN}[\u4e00-\u9fff、（）()·]{{1,38}}?){PAREN}(?:关于)?{KIND}[^，。]{{0,8}}(?:报告|年报|总结)"
    ),
    re.compile(
        rf"^{TITLE_LEAD}(?P<name>{HAN}[\u4e00-\u9fff、（）()·]{{1,38}}?){PAREN}(?:关于)?{KIND}(?:工作)?(?:年度)?(?:工作)?(?:情况)?(?:报告|年报|总结|统计)"
    ),
)
FORM = re.compile(
    r"填[报表](?:单位|机关)\s*(?:[(（](?:盖章|公章|章)[)）])?\s*[:：|]?\s*(?P<name>[\u4e00-\u9fff（）()]{3,40})"
)
ISSUER = re.compile(
    r"(?:发布机构|发布单位|发布机关|发文机关|发文单位|公开主体|公开机构|编制单位|编制机关|制作单位|单位名称|公开责任部门|责任单位|信息所属单位)\s*[:：|\s]\s*(?P<name>[\u4e00-\u9fff（）()]{3,40})"
)
VERBS = r"根据|按照|按(?=[^，。]{1,4}、)|依据|依照|依《|遵照|编制|编写|编出|编成|组织|汇总|综合|结合|负责|起草|制作|公布|发布|向社会|将|把|现将|对|认真|严格|坚持|高度|深入|紧紧|围绕|以|在|积极|全面|切实|进一步|共|主动|不断|通过|始终|持续|牢固|扎实|贯彻|办公室|政府信息公开|信息公开|政务公开|\d"
LEAD = r"(?:^|[\s，,。；;：:！!？?“”\"（(《|、>]|由|与|现公布|公布|现将|联系|制作|请向|请与|是|为|或|致|代表|截至|以来|统计|通知|要求|规定|精神|》|〕|号)"
MENTION = re.compile(rf"{LEAD}(?P<name>{NAME})(?=$|[\s，,。；;：:（(、|]|{VERBS})", re.MULTILINE)
SUBJECT = re.compile(
    rf"(?:(?:年度?|年来|以来|截至目前)[，,]?|^)(?P<name>(?!在|经){NAME})(?!网|门户|公报)", re.MULTILINE
)
# A place as the subject of a sentence: it means its government, where nothing better is found.
PLACE = re.compile(
    rf"(?:年度?[，,]?|^|[与打由])(?P<name>{HAN}{{2,14}}?(?:市|县|旗|区|镇|乡|苏木|街道))(?=[，,]|{VERBS}|严|紧|贯|继|把|党政|党委|推|加|按|未|没|开展|围)",
    re.MULTILINE,
)
# What who compiled a report did with it; `由X负责维护网站` names no reporter.
WRITES = r"[^。；\n]{0,40}?(?:编|撰|写|汇总|综合|制作|起草|拟|整理|提供|发布|公布|报告)"
COMPILED = re.compile(
    rf"(?:由(?P<by>{NAME}|{HAN}{{2,16}}(?:街道|镇|乡|苏木)(?=编制|编写|负责))(?!网|门户|承担|牵头)(?={WRITES})|(?:现公布|公布|现将|制作|是|编制(?={HAN}{{3,20}}{YEAR}))(?P<of>{NAME})(?=[（(]|{VERBS}|共同)"
    rf"|(?<=，)(?P<self>{NAME})(?=编制了|编写了|编制并))"
)
# Who puts the report before the reader, and whose report the first sentences say it is.
REPORTER = re.compile(
    rf"(?P<name>{NAME})(?:现|今|特)?(?:向社会)?(?:公布|发布|编制|撰写|制作|编写|整理|写成)(?:了|出|成|完成)?[^，。；\n]{{0,24}}?(?:年度报告|年报|工作报告)"
)
REPORT_OF = re.compile(
    rf"(?:现?将|发布|公布|现就|反映|是)(?P<name>{NAME}|{HAN}{{2,12}}?(?:{PLACE_END})){YEAR}(?={KIND}){KIND}"
)
# Desks that take questions and keep papers for the place's government.
DESK = re.compile(r"行政审批|政务服务|数据管理|档案馆|图书馆|信息中心")
# Part of a body that cannot report by itself, unless its place is named.
INNER_PART = re.compile(r"[处科股室组]$")
# What follows a body's name where it compiled the report together with another.
JOINTLY = rf"(?:、|和|与|•|·)(?!有关|相关|各){HAN}{{3,24}}?(?:{SUFFIX})(?=共同|联合|编制|编写|依据|依照|依《|按照|根据|[（(])"
CONTACT = re.compile(
    rf"(?:请(?:直接)?与|联系(?:单位|部门|地址|人)?[:：为]?|请向|可与|与|向|至|到)(?P<name>{NAME})"
)
LINE = re.compile(rf"^\W*(?:{YEAR})?(?P<name>{NAME}){PAREN}\s*(?:{YEAR})?\W*$")
# The line with date and source under a title.
DATE_LINE = re.compile(
    rf"^\W*(?:发布(?:时间|日期)|时间|日期)?\s*[:：]?\s*20\d\d[-年./]\d{{1,2}}[-月./]\d{{1,2}}日?[\s\d:：]*(?:(?:信息)?来源)?[\s:：]*(?P<name>{NAME})\s*$",
    re.MULTILINE,
)
# A line above the report that is nothing but a name; a town's may lack its 人民政府.
HEAD_LINE = re.compile(
    rf"^(?P<name>{HAN}{{2,26}}(?:{SUFFIX}|镇|乡|苏木|街道))(?:关于(?:公布|印发|发布|报送)[^\n]{{0,30}})?$",
    re.MULTILINE,
)
NOT_A_NAME = re.compile(
    r"、|一位|部分|副[局处厅主校院]|拟稿|编辑|更新|疑问|报道|防封|负责|条例|报告|年度|规定|通知|信息(?!化|中心|技术|产业|工程|职业)|公开|情况|栏目|网站|目录|指南|要求|总结|首页|位置|上一|下一|如下|精神"
    r"|各|等(?!专|职)|有关|相关|我|本(?!溪)|该|全[市县区]|(?<!自)由|转载|省级|市级|县级局|^(?:[年度月]|组织|会同|联合|协调|配合|分管|指导)|\d[年月日]|[年月日](?:起|止|至|底|来|内)|今年|当年|去年|日期|加强|根据|按照|依照|依据|通过|了|深入|落实|健全|完善|推进"
)
GENERIC = re.compile(
    r"^(?:街道|乡镇|镇街|地区)?办事处$|^自治[区州县](?:局|厅|委|政府|人民政府)$|^(?:[省市县区州旗镇乡盟]|国务院|中华人民共和国国务院|中共中央|党中央|[省市县区州旗镇乡]?(?:人民)?政府|上级|党政|政务|政府|行政机关|教育部|国办)"
    r"(?:办公[厅室]|人民政府|政府|委|局|厅|办|教育厅|教育局|政务公开)*(?:办公[厅室])?$|^(?:国务院|教育部)|^国家[\u4e00-\u9fff]{0,8}局$|^(?:党政|综合|信息|政务公开|政务服务)[^市县区]{0,6}$"
)
LEADS = re.compile(
    r"(?:现发布|现公开|现印发|现编制|现向社会公布|社会公布|编制|编写|以来|依托|登录|在|会商|现将|兹将|现对|如有疑问|有疑问|若有疑问|请与|请打|请联系|请向|联系|咨询|和|特?此?向社会公布|现公布|公布|印发|发布|其中|关于|现就|内?容?涵盖|全文包括|内容包括|大中小|附件\d*|首页|(?:公报|文件|信息|文章)?标题[:：]?|名称[:：]?|中共[\u4e00-\u9fff]{2,8}?委(?=[\u4e00-\u9fff]{4})|将|为|由|就是?|系|按|反映)+"
)
INNER = re.compile(r"(?:(?:人民)?政府)?办公[厅室]$")

PLACED = re.compile(
    rf"^{HAN}{{1,12}}?(?:省|市|县|旗|区|州|盟|镇|乡|苏木|街道|师|团|林场|农场)|(?:大学|学院|医院|公司|集团|中学)$"
)

OWN = {
    "局": "局|总队",
    "委": "委",
    "厅": "厅",
    "镇": "镇",
    "乡": "乡",
    "街道": "街道|办事处",
    "街": "街道|办事处",
    "苏木": "苏木",
    "县": "县",
    "旗": "旗",
    "校": "大学|学院|学校|中学|小学|幼儿园",
    "院": "院",
    "公司": "公司|集团",
    "市": "市|办公",
    "区": "区|办公",
    "州": "州|办公",
    "省": "省|办公",
}

OFFICE_OF = re.compile(rf"{HAN}{{2,14}}?(?:办公室|办事处|局|委员会|中心)(?=$|[\s，,。；;：:（(《“]|{VERBS})")

# A town's party and government office writes for the town: `X镇党政办公室`.
TOWN_OFFICE = re.compile(
    r"(?<=[镇乡]|道|木)(?:党政|综合|党政综合|党委|党群)(?:事务|工作)?办(?:公室)?$|(?<=街道)(?:办事处)?(?:党政|综合|党政综合)(?:事务|工作)?办(?:公室)?$"
)
# A branch named after its bureau: `X市公安局Y分局`.
BRANCH_OF = re.compile(rf"{HAN}{{1,8}}?(?:分局|支队|大队|总队)")
# The group or office for disclosure that compiles the report of a whole place.
PLACE_BY_GROUP = re.compile(
    rf"由(?P<name>{HAN}{{2,14}}?(?:省|市|县|区|旗|州|盟))(?:人民)?(?:政府)?(?:政务|政府信息|信息)公开(?:工作)?(?:领导小组|联席会议|办公室|领导机构)"
)
# A body that names its own website, of which nothing else names it.
SITE_OF = re.compile(
    rf"(?:[\s，。；：“（、《]|在|到|托|用|过|对|和|及|^)(?P<name>(?:(?![在我本用托过和]){HAN}){{2,14}}?(?:局|委员会|开发区|园区|新区|管委会))"
    r"(?:官方|门户|入口|政务)*网(?:站|页|上)?(?!络)",
    re.MULTILINE,
)
# Whom the report names with a person's name before it, as its own leaders and staff.
STAFF_LINE = re.compile(r"(?:领导|负责人|联系人|工作人员|责任人|审核人|填报人|局长|主任)[:：][^\n]{0,40}$")
# Who sets up the group in charge, or whose work on disclosure is spoken of.
GROUP_OF = re.compile(
    rf"(?:成立|设立|建立|调整|承担|修订|制定|印发)了?(?:《)?(?P<name>{HAN}{{2,20}}?(?:{SUFFIX}|镇|乡|街道|苏木))(?:(?:政府信息|政务|信息|校务|院务|政务信息|文件)公开|政府网站|政务新媒体)"
)

# Ministries, which only a title names as reporters: elsewhere they are those who ask for reports.
MINISTRY = re.compile(
    r"(?:外交|国防|教育|科学技术|科技|工业和信息化|公安|民政|司法|财政|人力资源(?:和)?社会保障|自然资源|国土资源|生态环境|环境保护|住房和城乡建设"
    r"|交通运输|交通|铁道|水利|农业|农业农村|商务|文化|文化和旅游|卫生|退役军人事务|应急管理)部$"
)
# National bodies, which running text names as those who ask; as reporters they stand in titles.
NATIONAL = re.compile(rf"国家{HAN}{{1,8}}(?:局|委员会|委|署)$")
# A street as it is called for short, which only a title names as reporter.
STREET = re.compile(rf"{HAN}{{2,12}}街$")
