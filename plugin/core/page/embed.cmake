# The page's template as a string constant in CES_PAGE_HTML, a file that is made when
# the build is configured and again when the template has changed, so that a program
# needs no file to write a page.
set(CES_PAGE_HTML "${CMAKE_CURRENT_BINARY_DIR}/page_html.c")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/page.html")
file(READ "${CMAKE_CURRENT_LIST_DIR}/page.html" BYTES HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," BYTES "${BYTES}")
file(CONFIGURE OUTPUT "${CES_PAGE_HTML}" @ONLY
     CONTENT "#include \"page/template.h\"\n\nconst char ces_page_html[] = {${BYTES}0};\n")
