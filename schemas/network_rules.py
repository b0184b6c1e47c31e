# ruff: noqa: E501 - a rule a line is easier to read
"""Texts of networks and machines: the address of a network is no street."""

from __future__ import annotations

from .sources import Piece, Pool, Text
from .text_rules import Rule, few, marks, shape

_ADDRESS = Text((Piece(pool=Pool("network")), Piece(kind="number", count=2)))
_TWO_ADDRESSES = Text((*_ADDRESS.pieces, Piece(literal=";"), *_ADDRESS.pieces))
_DIALLED = Text(
    (Piece(literal="+1"), Piece(pool=Pool("area_code")), Piece(literal="55501"), Piece(kind="number", count=2))
)

RULES: tuple[Rule, ...] = (
    ("engine_id|engineid", "", 26, marks("hex", 16, "80001f8880")),
    ("ctx_name|context_name", "network", 7, few("default|bridge|vlan-10|vlan-20|mgmt")),
    ("snmp_queries|snmp_query", "", 16, few("get_arp_table|get_mac_table|get_routing_table;get_arp_table|get_interfaces_ip")),
    ("auth_pass|priv_pass|enable_pass|enable_password|shared_secret|passphrase|psk|pre_shared_key|mpass|smtp_pass|mail_pass|wifi_password|wpa_key", "", 10, marks("mixed", 12)),
    ("namesrv|namesrv1|namesrv2|namesrv3|name_servers|dns_servers|resolvers", "", 32, _TWO_ADDRESSES),
    ("capacity|bandwidth|link_speed|line_speed|port_speed|committed_rate", "network", 8, few("1 Gbps|100 Mbps|10 Gbps|500 Mbps|50 Mbps|200 Mbps")),
    ("cid|circuit_number|circuit_ref", "circuit", 14, shape(2, ".", -4, ".", 6)),
    ("differentiator", "", 6, few("primary|backup|A side|B side")),
    ("purpose", "network", 11, few("Internet access|Branch uplink|Voice trunk|Backup path|Customer handoff|Backbone ring")),
    ("address_object|firewall_object", "", 11, shape("net-obj-", 3)),
    ("subnet_ordering", "", 10, few("subnet,asc|subnet,desc|description,asc")),
    ("prefix", "pstn|dial|did|trunk", 5, shape("+1", Pool("area_code"))),
    ("start|range_start|start_number", "pstn|did|extension", 4, few("1000|2000|3000|4000")),
    ("stop|end|range_end|end_number", "pstn|did|extension", 4, few("4999|5999|7999|9999")),
    ("number", "pstn|did", 12, _DIALLED),
    ("lat_lng|latlng|lat_lon|lat_long", "", 17, shape("4", 1, ".", 4, ",-7", 1, ".", 4)),
    ("type", "ip_tag|iptag|ip_status", 4, few("Used|Offline|Reserved|DHCP")),
    ("indicator", "firewall", 1, few("0|1")),
    ("command", "network", 8, few("user login|subnet edit|address create|device edit|vlan create|user logout")),
    ("mserver|smtp_server|mail_server|mail_host", "", 16, few("mail.example.com|smtp.example.com|relay.example.net")),
    ("provider|isp|telco", "network|circuit|link", 24, Pool("telecom")),
    ("subnet|network|network_address|net_address", "mask|netmask|subnet_mask|net_mask", 11, Text((Piece(pool=Pool("subnet"), filters=("network",)),))),
    ("subnet|subnet_cidr|cidr|netblock|ip_range|network|supernet|ip_prefix|network_address", "network", 14, Pool("subnet")),
    ("mask|netmask|subnet_mask|net_mask", "network", 13, few("255.255.255.0|255.255.255.128|255.255.252.0|255.255.254.0")),
    ("mask|netmask", "network", 2, few("24|25|22|23|26")),
    (
        (
            "gateway|nameserver|dns|dns_server|dns1|dns2|ntp|ntp_server|loopback|router_id|broadcast|bind_address|listen_address|"
            "local_address|peer_address|remote_address|server_address|host_address|source_address|destination_address|"
            "src|dst|src_addr|dst_addr|next_hop|nat_address|ipv4|ipv4_address|ip4|addr_ip|ip_start|ip_end|start_ip|end_ip|"
            "first_ip|last_ip|powerdns|dhcp"
        ),
        "network",
        13,
        _ADDRESS,
    ),
    ("ipv6|ipv6_address|ip6", "", 16, Text((Piece(literal="2001:db8::"), Piece(kind="number", count=4)))),
    ("interface|ifname|if_name|nic|port_name|iface", "network", 8, few("eth0|eth1|Gi1/0/1|Gi1/0/2|Gi1/0/24|lo0|vlan20|bond0")),
    ("snmp_community|community", "network", 7, few("public|monitoring|readonly|noc")),
    ("snmp_version", "", 1, few("2c|3|1")),
    ("sec_level|security_level", "", 6, few("authPriv|authNoPriv|noAuthNoPriv")),
    ("auth_protocol", "", 3, few("SHA|MD5|none")),
    ("priv_protocol|encryption", "", 3, few("AES|DES|none")),
    ("protocol|proto|transport", "", 4, few("tcp|udp|http|icmp")),
    ("port|switch_port|switchport", "switch", 6, few("Gi0/1|Gi0/2|Gi0/12|Gi0/24|Gi1/0/7|Te1/1")),
    ("port", "network", 5, few("443|80|22|8080|5432|53")),
    ("zone", "network", 3, few("internal|external|dmz|guest|management")),
    ("os|operating_system|os_name", "", 8, few("Ubuntu 22.04|Windows 11|Debian 12|macOS 14|iOS 17|Android 14")),
    ("platform", "", 7, few("web|ios|android|windows|linux")),
    ("vrf|vrf_name|rd", "network", 9, Text((Piece(literal="650"), Piece(kind="number", count=2), Piece(literal=":"), Piece(kind="number", count=3)))),
    ("color|colour", "network", 7, few("#1f77b4|#2ca02c|#d62728|#ff7f0e")),
)  # fmt: skip
