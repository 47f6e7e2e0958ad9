using Decant.Core;
using Decant.Data;
using Xunit;
using Encoding = System.Text.Encoding;

namespace Decant.Tests.Data.Images;

public sealed class PreprocessorConfigTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    // As ViT has it.
    [InlineData(
        """
            {"do_normalize": true, "do_rescale": true, "do_resize": true, "image_mean": [0.5, 0.5, 0.5],
             "image_std": [0.5, 0.5, 0.5], "resample": 2, "rescale_factor": 0.00392156862745098,
             "size": {"height": 224, "width": 224}}
            """,
        "resize=224x224",
        "scale=1/255;mean=0.5,0.5,0.5;std=0.5,0.5,0.5;channels=rgb"
    )]
    // As CLIP has it.
    [InlineData(
        """
            {"crop_size": {"height": 224, "width": 224}, "do_center_crop": true, "image_mean": [0.48, 0.45, 0.40],
             "image_std": [0.26, 0.26, 0.27], "resample": 3, "size": {"shortest_edge": 256}}
            """,
        "resize=256;crop=224x224;filter=bicubic",
        "scale=1/255;mean=0.48,0.45,0.4;std=0.26,0.26,0.27;channels=rgb"
    )]
    // As older files, ConvNeXt and MobileViT have it.
    [InlineData(
        """{"size": 224, "do_center_crop": true, "crop_size": 192, "do_normalize": false}""",
        "resize=224;crop=192x192",
        "scale=1/255;mean=0;std=1;channels=rgb"
    )]
    [InlineData(
        """{"size": {"shortest_edge": 224}, "crop_pct": 0.875, "do_rescale": false}""",
        "resize=256;crop=224x224",
        "scale=1;mean=0;std=1;channels=rgb"
    )]
    [InlineData("""{"do_resize": false, "do_flip_channel_order": true}""", "", "scale=1/255;mean=0;std=1;channels=bgr")]
    public void Sizes_and_preprocessing_are_read(string text, string sizing, string preprocessing)
    {
        PreprocessorConfig config = Read(text);
        Assert.Equal(sizing, config.Sizing.ToText());
        Assert.Equal(preprocessing, config.Preprocessing.ToString());
    }

    [Theory]
    [InlineData("[]", "an object is expected")]
    [InlineData("{", "is no JSON")]
    [InlineData("""{"size": {"longest_edge": 800}}""", "size is {\"longest_edge\": 800}; height and width")]
    [InlineData("""{"size": 0}""", "size is 0; a whole number of pixels")]
    [InlineData("""{"size": 8, "resample": 1}""", "resample is 1;")]
    [InlineData("""{"do_resize": "yes"}""", "do_resize is \"yes\"; true or false")]
    [InlineData("""{"image_mean": ["a"]}""", "image_mean is \"a\"; a number")]
    [InlineData("""{"image_mean": [0], "image_std": [0]}""", "std is 0")]
    public void What_is_not_understood_is_named(string text, string said) =>
        Assert.Contains(said, Assert.Throws<DataException>(() => Read(text)).Message);

    private PreprocessorConfig Read(string text) =>
        PreprocessorConfig.Read(folder.Write(PreprocessorConfig.FileName, Encoding.UTF8.GetBytes(text)));
}
