using Decant.Core;
using Decant.Data;
using Xunit;

namespace Decant.Tests.Data.Images;

public sealed class ImageSizingTests
{
    /// <summary>
    /// Four pixels to two: the triangle spans four pixels around 1 and 3, so that the weights are 3, 3, 1 of 7.
    /// </summary>
    [Fact]
    public void A_row_of_four_becomes_what_a_hand_computes()
    {
        var made = new float[2];
        new ImageResampler(ImageSizing.None.ResizedTo("1x2")).Apply([0, 70, 140, 210], new ImageSize(1, 4), made);
        Assert.Equal([50f, 160f], made);
        var bytes = new byte[2];
        new ImageResampler(ImageSizing.None.ResizedTo("1x2")).Apply((byte[])[0, 70, 140, 211], new(1, 4), bytes);
        Assert.Equal([(byte)50, 160], bytes);
    }

    [Theory]
    [InlineData(7, 9, 3, 4)]
    [InlineData(5, 5, 8, 13)]
    [InlineData(31, 17, 10, 30)]
    [InlineData(1, 6, 4, 1)]
    [InlineData(6, 6, 6, 6)]
    public void Bilinear_is_a_triangle_over_what_a_pixel_covers(int height, int width, int toHeight, int toWidth)
    {
        float[] image = [.. Enumerable.Range(0, 2 * height * width).Select(i => 100 * MathF.Sin(i * i + 1))];
        var made = new float[2 * toHeight * toWidth];
        new ImageResampler(new ImageSizing { Size = new(toHeight, toWidth) }).Apply(image, new(height, width), made);
        for (int c = 0; c < 2; c++)
        for (int y = 0; y < toHeight; y++)
        for (int x = 0; x < toWidth; x++)
        {
            double sum = 0,
                all = 0;
            for (int i = 0; i < height; i++)
            for (int j = 0; j < width; j++)
            {
                double weight = Triangle(i, y, height, toHeight) * Triangle(j, x, width, toWidth);
                sum += weight * image[(c * height + i) * width + j];
                all += weight;
            }
            Assert.Equal(sum / all, made[(c * toHeight + y) * toWidth + x], 1e-3);
        }
    }

    [Theory]
    [InlineData(ImageFilter.Bicubic)]
    [InlineData(ImageFilter.Nearest)]
    public void Every_filter_keeps_an_image_of_its_own_size_and_one_of_a_single_value(ImageFilter filter)
    {
        byte[] image = [.. Enumerable.Range(0, 5 * 7).Select(i => (byte)(i * 37))];
        var same = new byte[image.Length];
        var sizing = new ImageSizing { Size = new(5, 7), Filter = filter };
        new ImageResampler(sizing).Apply(image, new(5, 7), same);
        Assert.Equal(image, same);
        var made = new byte[12];
        image.AsSpan().Fill(200);
        new ImageResampler(sizing with { Size = new(3, 4) }).Apply(image, new(5, 7), made);
        Assert.Equal(Enumerable.Repeat((byte)200, 12), made);
    }

    [Fact]
    public void The_crop_is_the_middle_of_the_resized_image()
    {
        float[] image = [.. Enumerable.Range(0, 11 * 8).Select(i => (i * 31) % 101)];
        ImageSizing whole = ImageSizing.None.ResizedTo("9x7");
        var (all, part) = (new float[9 * 7], new float[4 * 3]);
        new ImageResampler(whole).Apply(image, new(11, 8), all);
        new ImageResampler(whole with { Crop = new(4, 3) }).Apply(image, new(11, 8), part);
        for (int y = 0; y < 4; y++)
            Assert.Equal(all.AsSpan((y + 2) * 7 + 2, 3), part.AsSpan(y * 3, 3));
    }

    [Theory]
    [InlineData("256", 500, 375, 341, 256)]
    [InlineData("256", 375, 500, 256, 341)]
    [InlineData("256", 256, 256, 256, 256)]
    [InlineData("240x320", 500, 375, 240, 320)]
    public void One_number_is_the_shorter_side_and_two_are_height_and_width(
        string resize,
        int height,
        int width,
        int toHeight,
        int toWidth
    ) => Assert.Equal(new ImageSize(toHeight, toWidth), ImageSizing.None.ResizedTo(resize).Of(new(height, width)));

    [Theory]
    [InlineData("resize=256;crop=224x224;filter=bicubic")]
    [InlineData("resize=240x320")]
    [InlineData("crop=8x9")]
    [InlineData("")]
    public void Text_is_read_as_it_was_written(string text) => Assert.Equal(text, ImageSizing.Parse(text).ToText());

    [Theory]
    [InlineData("240x")]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("1x2x3")]
    [InlineData("99999999")]
    [InlineData("wide")]
    public void What_is_no_size_is_refused(string text) =>
        Assert.Contains(
            $"'{text}' is no size",
            Assert.Throws<DataException>(() => ImageSizing.None.ResizedTo(text)).Message
        );

    [Fact]
    public void A_crop_that_is_larger_than_the_image_is_refused() =>
        Assert.Equal(
            "a crop of 300x300 is larger than an image of 256x341",
            Assert
                .Throws<DataException>(() =>
                    (ImageSizing.None.ResizedTo("256") with { Crop = new(300, 300) }).Of(new(375, 500))
                )
                .Message
        );

    /// <summary>
    /// The triangle around the centre of an output pixel, as wide as two output pixels or two input ones.
    /// </summary>
    private static double Triangle(int input, int output, int from, int to)
    {
        double scale = (double)from / to,
            centre = (output + 0.5) * scale;
        return Math.Max(0, 1 - Math.Abs(input + 0.5 - centre) / Math.Max(1, scale));
    }
}
