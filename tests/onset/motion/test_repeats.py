from helpers.moving_pictures import picture
from syncfusion.media import GreyPicture
from syncfusion.onset.motion.repeats import without_repeats


def test_a_repeated_picture_is_left_out_where_the_scene_moves_on():
    places = [0, 3, 6, 9, 9, 12, 15]  # pixels
    pictures = [GreyPicture(picture(100 + x, 80), float(n)) for n, x in enumerate(places)]
    assert [each.time for each in without_repeats(pictures)] == [0, 1, 2, 3, 5, 6]


def test_a_still_scene_keeps_its_pictures():
    still = [GreyPicture(picture(150, 80), n / 30) for n in range(6)]
    assert len(list(without_repeats(still))) == 6
