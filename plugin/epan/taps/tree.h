/* tree.h
 * Counts of connections by every word of the vocabulary, as a stats tree:
 * -z ces,tree, and a window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_TAP_TREE_H
#define CES_TAP_TREE_H

void ces_tap_tree_register(void);

#endif
