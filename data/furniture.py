"""Tells the report from the page around it: navigation, index tables, share bars, links, spam."""

from __future__ import annotations

import re

_NAVIGATION = re.compile(
    r"^(?:当前位置|您(?:现在|当前)?(?:所在)?的?(?:位置|当前位置)|所在位置|首页|返回首页|返回顶部|网站首页|设为首页|加入收藏"
    r"|上一(?:条|篇|页|个)|下一(?:条|篇|页|个)|相关(?:链接|信息|文章|阅读|新闻|稿件|文档)|热门(?:推荐|文章|信息|新闻)"
    r"|热点(?:排行|推荐|新闻)|阅读排行|点击排行|推荐阅读|最新(?:文章|信息|更新|公开)|猜你喜欢|友情链接|网站地图|联系我们|关于我们"
    r"|版权所有|主办(?:单位)?：|承办(?:单位)?：|技术支持|网站标识码|备案号|.{0,3}ICP备|.{0,4}公网安备|Copyright|©"
    r"|分享(?:到|至)?|打印(?:本页|此页|本文)?|关闭(?:窗口|本页)?|【?(?:字体|字号)|收藏(?:本页)?|浏览(?:次数|量)|点击(?:数|率|量|次数)?："
    r"|阅读(?:次数|量)?[：\d]|发布：|语音|(?:进入|退出)播报|听全文|关联导读|背景色|\d{1,6}$|访问(?:次数|量)：|责任编辑|编辑：|作者：|录入|来源：|信息来源：|稿件来源|文章来源|时间：|发布(?:时间|日期|人)：?|发文日期|日期："
    r"|扫(?:一扫|描).{0,14}(?:二维码|页|阅读|打开|分享)?|在手机(?:上)?打开|手机(?:版|扫)|用?微信扫|新浪微博|腾讯微博|更多(?:>>|»|分享)?$"
    r"|索引号|公文生成日期|生成日期|备注/文号|索取号|信息索引|主题(?:分类|词)|体裁分类|信息分类|公开(?:类别|方式|范围|时限|责任部门)|文号：|文\s?号$|名称：|标题：|有效性|关键词|内容概述"
    r"|您的?浏览器|本站|登录|注册|无障碍|长者模式|繁体|简体|English|RSS|站内搜索|搜索|请输入|附件下载|下载(?:附件|文档)?$)"
)
_TEMPLATE = re.compile(
    r"\{\{.{0,60}?\}\}|\$\{.{0,60}?\}|<%.{0,60}?%>|\[!--.{0,60}?--\]|\bfunction\b[^。]{0,40}\(|\bvar \w+\s*=|document\.(?:write|getElement)"
)
_ADULT = re.compile(
    r"无码|人妻|久久.{0,6}(?:国产|精品|亚洲|综合|热)|国产.{0,4}(?:精品|自拍|在线|视频)|亚洲.{0,4}(?:无码|色|综合|精品)|欧美.{0,4}(?:人妻|另类|性|日韩)"
    r"|少妇|成人(?:网站|影片|视频|电影)|情色|a级毛片|一级.{0,2}(?:片|黄|录像)|五月丁香|婷婷|蜘蛛池|免费(?:看|视频)|三级片|黄色(?:网站|视频)|博彩|百家乐|娱乐城|老虎机|六合彩|时时彩|彩票(?:平台|网)|棋牌(?:游戏|平台)|手机版_|打水账号|(?:bet|bwin|beat|必赢|威尼斯)[^。，]{0,12}(?:入口|官网|官方网站|手机版|网址)|澳门.{0,4}(?:赌|娱乐|葡京)",
    re.IGNORECASE,
)
_LONGEST = 120
_FRAME = "【】[]［］()（）|｜ ·•●◆■>»-—*"
_COUNTED = re.compile(r"\d[万亿余多]{0,2}(?:条|件|篇|次|人|个|名|家|项|期|场|份|%)")
_FOREIGN = re.compile(
    r"[\u0370-\u03ff\u0400-\u04ff\u0590-\u06ff\u0e00-\u0e7f\u3041-\u3096\u30a1-\u30fa\uac00-\ud7af]"
)
_BREADCRUMB = re.compile(
    r"(?:[^>»›]{1,16}[>»›]){2,}[^>»›]{0,40}$|^(?:[^/\\]{2,12}\s*[/\\]\s*){2,}[^/\\]{2,30}$"
)
_MENU = re.compile(r"^(?:[^\s|｜丨·]{2,8}[ |｜丨·]){4,}[^\s|｜丨·]{2,8}[ |｜]?$")
_TAIL = re.compile(
    r"^(?:上一(?:条|篇|页|个)|下一(?:条|篇|页|个)|相关(?:链接|信息|文章|阅读|新闻|稿件)|热门|热点|阅读排行|点击排行|推荐阅读|猜你喜欢"
    r"|友情链接|网站地图|版权所有|主办(?:单位)?：|.{0,3}ICP备|.{0,4}公网安备|Copyright|©|分享(?:到|至)|扫(?:一扫|描)|【?打印|【?关闭)"
)
_PROSE = re.compile(r"[。；]|，.{4,}，")


def is_furniture(words: str) -> bool:
    """Whether a line of the view belongs to the page and not to the report."""
    if not words:
        return False
    if is_spam(words):
        return True
    if len(words) > _LONGEST:
        return False
    if _TEMPLATE.search(words):
        return True
    if _PROSE.search(words) and not words.startswith(("上一", "下一", "版权所有", "当前位置")):
        return False
    bare = words.strip(_FRAME)
    return bool(_NAVIGATION.match(bare) or _BREADCRUMB.search(words) or _MENU.match(words))


def is_spam(words: str) -> bool:
    """Whether a line was injected: adult or gambling words, or mostly scripts foreign to a report."""
    adult = [match.group() for match in _ADULT.finditer(words)]
    # Words are also injected into sentences of the report; one that holds a figure stays.
    if adult and not _COUNTED.search(words) and (len(words) < 60 or sum(map(len, adult)) > 0.2 * len(words)):
        return True
    foreign = len(_FOREIGN.findall(words))
    return foreign >= 4 and foreign > 0.2 * len(words)


def ends_report(words: str) -> bool:
    """Whether a line is one that pages put under the text, such as links to the next page."""
    return bool(len(words) < 80 and _TAIL.match(words.strip(_FRAME)))
