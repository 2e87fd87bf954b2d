/* help.c
 * Text to read on.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/assessment.h>

static const char networks[] = "A verdict needs to know which addresses are in a CES data centre.\n"
                               "No official list of them is known, so tell it yours.\n"
                               "\n"
                               "In this window\n"
                               "  Edit > Preferences > Protocols > CES > Site table > Edit...\n"
                               "  Then + for each row:\n"
                               "    Network    203.0.113.0/24, 2001:db8::/32, or one address\n"
                               "    Site       cloud: in a CES data centre; external: elsewhere\n"
                               "    Appliance  esa or sma where you know, else any\n"
                               "    Name       your own word for it\n"
                               "  The longest prefix counts. Once one row says cloud, every\n"
                               "  address in no row is external. The table belongs to the chosen\n"
                               "  profile and counts as soon as you say OK.\n"
                               "\n"
                               "On a command line\n"
                               "  tshark -r FILE -q -z ces,flows \\\n"
                               "    -o 'uat:ces_sites:\"203.0.113.0/24\",\"cloud\",\"any\",\"my CES\"'\n"
                               "\n"
                               "Where to find your networks\n"
                               "  The welcome letter of your CES allocation names its hosts; DNS\n"
                               "  gives their addresses. The profile \"CES Hybrid\" holds\n"
                               "  ces_sites.example, a dated and uncertain list to start from:\n"
                               "  edit it, then save it as ces_sites beside it.\n"
                               "\n"
                               "Without a table\n"
                               "  Hosts with a name under the cloud zones (on the same page of the\n"
                               "  preferences) are cloud, if the capture tells the name: in DNS\n"
                               "  answers, a hosts file, a certificate or a server's banner. That\n"
                               "  may leave connections without a verdict.\n";

const char *
ces_networks_help(void)
{
    return networks;
}
