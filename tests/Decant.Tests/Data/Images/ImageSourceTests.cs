using Decant.Core;
using Decant.Data;
using Decant.Formats.Npy;
using SkiaSharp;
using Xunit;
using Encoding = System.Text.Encoding;

namespace Decant.Tests.Data.Images;

public sealed class ImageSourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Folders_are_classes_in_the_order_of_their_names()
    {
        foreach (string name in (string[])["dog/b.png", "dog/a.png", "cat/x.png", "ant/deep/y.png", "dog/c.png"])
            folder.Write(name, ImageFixtures.Encoded(3, 4));
        folder.Write("cat/notes.txt", "a cat"u8.ToArray());
        ImageSource source = Open(folder.Path);
        Assert.Equal<string>(["ant", "cat", "dog"], source.ClassNames);
        Assert.Equal(3, source.Targets.Single().Classes);
        // In turns: the first of each class, then the second.
        Assert.Equal([0L, 1, 2, 2, 2], source.Read([0, 1, 2, 3, 4]).Targets[0].Array<long>());
        Assert.Contains("1 files are no images", source.Notes.Single());
        Assert.Equal([1L, 2], source.Take([1, 4]).Read([0, 1]).Targets[0].Array<long>());
        var (train, heldOut) = source.Split(2, 5);
        Assert.Equal((3, 2), (train.Count, heldOut.Count));
        Assert.NotEqual(source.Fingerprint, train.Fingerprint);
        Assert.Equal(source.Fingerprint, Open(folder.Path).Fingerprint);
    }

    [Fact]
    public void Parts_of_a_folder_are_taken_where_it_has_them()
    {
        folder.Write("set/train/a/1.png", ImageFixtures.Encoded(2, 2));
        folder.Write("set/train/b/1.png", ImageFixtures.Encoded(2, 2));
        folder.Write("set/val/a/1.png", ImageFixtures.Encoded(2, 2));
        Assert.Equal(2, Datasets.Open(folder["set"], DataRoot.Resolve(), DatasetPart.Train).Count);
        IDataSource test = Datasets.Open(folder["set"], DataRoot.Resolve(), DatasetPart.Test);
        Assert.Equal(1, test.Count);
        Assert.Contains("val is taken", test.Notes.Single());
    }

    [Fact]
    public void Pixels_are_those_of_the_file()
    {
        folder.Write("1.png", ImageFixtures.Encoded(5, 7));
        folder.Write("2.bmp", ImageFixtures.Bitmap(5, 7));
        ImageSource source = Open(folder.Path);
        Assert.Empty(source.Targets);
        Assert.Equal(new Shape(3, 5, 7), source.Inputs[0].Shape);
        byte[] expected = ImageFixtures.Planes(5, 7);
        Assert.Equal([.. expected, .. expected], source.Read([0, 1]).Inputs[0].Array<byte>());
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg, "jpg")]
    [InlineData(SKEncodedImageFormat.Webp, "webp")]
    public void Lossy_files_are_close(SKEncodedImageFormat format, string ending)
    {
        folder.Write($"a.{ending}", ImageFixtures.Encoded(16, 12, format));
        byte[] read = Open(folder.Path).Read([0]).Inputs[0].Array<byte>();
        Assert.InRange(ImageFixtures.Planes(16, 12).Zip(read, (a, b) => Math.Abs(a - b)).Average(), 0, 6);
    }

    [Fact]
    public void Images_of_several_sizes_must_be_resized()
    {
        folder.Write("a.png", ImageFixtures.Encoded(5, 7));
        folder.Write("b.png", ImageFixtures.Encoded(6, 6));
        var refusal = Assert.Throws<ImageSizeException>(() => Open(folder.Path));
        Assert.Contains("a.png is 5x7 (height x width)", refusal.Message);
        Assert.Contains("b.png is 6x6", refusal.Message);
        ImageSizing side = ImageSizing.None.ResizedTo("4");
        Assert.Contains("resized to 4 (the shorter side) 4x5 and 4x4", Refusal(side));
        Assert.Equal(new Shape(3, 3, 4), Open(folder.Path, side with { Crop = new(3, 4) }).Inputs[0].Shape);
        Assert.Equal(new Shape(3, 8, 2), Open(folder.Path, ImageSizing.None.ResizedTo("8x2")).Inputs[0].Shape);
        Assert.Contains("b.png: a crop of 6x7 is larger", Refusal(ImageSizing.None with { Crop = new(6, 7) }, "b"));

        string Refusal(ImageSizing sizing, string only = "*") =>
            Assert.ThrowsAny<DecantException>(() => Open(Only(only), sizing)).Message;
        string Only(string name) => name == "*" ? folder.Path : List($"{name}.png");
        string List(string path) => folder.Write("only.csv", Encoding.UTF8.GetBytes(path));
    }

    [Fact]
    public void A_file_that_cannot_be_decoded_is_named_and_skipped_only_when_asked()
    {
        byte[] whole = ImageFixtures.Encoded(64, 64);
        folder.Write("set/a.png", whole);
        folder.Write("set/b.png", "no image"u8.ToArray());
        Assert.Contains("b.png cannot be decoded", Assert.Throws<DataException>(() => Open(folder["set"])).Message);
        folder.Write("set/c.png", whole[..^(whole.Length / 2)]);
        ImageSource source = Open(folder["set"], skips: true);
        Assert.Equal(1, source.Count);
        Assert.Contains("2 of 3 images are skipped", source.Notes.Single());
        folder.Write("damaged/c.png", whole[..^(whole.Length / 2)]);
        ImageSource damaged = Open(folder["damaged"]);
        Assert.Contains("c.png cannot be decoded", Assert.Throws<DataException>(() => damaged.Read([0])).Message);
        Assert.Contains(
            "none of the images",
            Assert.Throws<DataException>(() => Open(folder["damaged"], skips: true)).Message
        );
    }

    [Fact]
    public void A_network_of_one_channel_gets_grey()
    {
        folder.Write("set/a.bmp", ImageFixtures.Bitmap(3, 4));
        var options = new ImageOptions { Limits = new ImageLimits { Channels = 1 } };
        ImageSource source = ImageSource.Open(folder["set"], DatasetPart.Test, options);
        var (r, g, b) = ImageFixtures.Pixel(2, 3);
        Assert.Equal(new Shape(1, 3, 4), source.Inputs[0].Shape);
        Assert.Equal(Math.Round(0.299 * r + 0.587 * g + 0.114 * b), source.Read([0]).Inputs[0].Array<byte>()[11]);
        Assert.Contains("converted to grey", source.Notes.Single());
    }

    [Theory]
    [InlineData("a.csv", "1.png,3\nsub/2.png,1\n", new long[] { 3, 1 }, 4)]
    [InlineData("a.csv", "label,path\ndog,1.png\ncat,\"sub/2.png\"\n", new long[] { 1, 0 }, 2)]
    [InlineData(
        "a.jsonl",
        "{\"path\": \"1.png\", \"label\": 1}\n{\"path\": \"sub/2.png\", \"label\": 0}",
        new long[] { 1, 0 },
        2
    )]
    [InlineData("a.jsonl", "{\"image\": \"1.png\"}\n\n{\"image\": \"sub/2.png\"}", new long[] { }, 0)]
    public void Lists_name_files_beside_them(string name, string text, long[] labels, int classes)
    {
        folder.Write("1.png", ImageFixtures.Encoded(2, 3));
        folder.Write("sub/2.png", ImageFixtures.Encoded(2, 3));
        IDataSource source = Datasets.Open(
            folder.Write(name, Encoding.UTF8.GetBytes(text)),
            DataRoot.Resolve(),
            DatasetPart.Test
        );
        Batch batch = source.Read([0, 1]);
        Assert.Equal(labels, batch.Targets.SelectMany(t => t.Array<long>()));
        Assert.Equal(classes, source.Targets.Sum(t => t.Classes));
    }

    [Theory]
    [InlineData("a.csv", "a.png,1\n")]
    [InlineData("a.jsonl", "{\"path\": \"a.png\"}\n")]
    public void AListThatIsNotUtf8IsRefused(string name, string first)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(name, [.. Encoding.UTF8.GetBytes(first), 0xC3, 0x28, (byte)'\n']);
        string message = Assert.Throws<DataException>(() => ImageFiles.OfList(path)).Message;
        Assert.Contains("is not UTF-8", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv", "a.png,1\nb.png\n", "line 2: 1 columns; 2 as in the first line")]
    [InlineData("a.csv", "a.png,1,2\n", "line 1: 3 columns")]
    [InlineData("a.csv", "\"a.png,1\n", "line 1: a quote is not closed")]
    [InlineData("a.csv", "path,label\n", "lists no image")]
    [InlineData("a.csv", "gone.png,1\n", "there is no image")]
    [InlineData("a.jsonl", "{\"path\": \"a.png\", \"label\": [1]}", "line 1: [1] is no class")]
    [InlineData("a.jsonl", "{\"path\": \"a.png\", \"label\": 1}\n{\"path\": \"b.png\"}", "line 2: some images have")]
    [InlineData("a.jsonl", "{\"path\": \"a.png\"}\n{", "line 2: no JSON")]
    public void What_a_list_gets_wrong_is_named(string name, string text, string said) =>
        Assert.Contains(
            said,
            Assert.Throws<DataException>(() => Open(folder.Write(name, Encoding.UTF8.GetBytes(text)))).Message
        );

    [Fact]
    public void Images_beside_folders_of_images_are_refused_and_so_is_a_folder_without()
    {
        folder.Write("both/a.png", ImageFixtures.Encoded(2, 2));
        folder.Write("both/cat/b.png", ImageFixtures.Encoded(2, 2));
        Assert.Contains("images and folders of images", Refusal(folder["both"]));
        folder.Write("none/a.txt", "text"u8.ToArray());
        Assert.Contains("holds no data", Refusal(folder["none"]));

        static string Refusal(string path) =>
            Assert.Throws<DataException>(() => Datasets.Open(path, DataRoot.Resolve(), DatasetPart.Test)).Message;
    }

    [Fact]
    public void Arrays_are_resized_as_files_are()
    {
        byte[] planes = ImageFixtures.Planes(6, 9);
        NpzWriter.Save(
            [new("x", Tensor.Of(new Shape(1, 3, 6, 9), planes)), new("y", Tensor.Vector<long>(1))],
            folder["set.npz"]
        );
        folder.Write("images/a.bmp", ImageFixtures.Bitmap(6, 9));
        var options = new ImageOptions { Sizing = ImageSizing.None.ResizedTo("4x5") };
        var files = ImageSource.Open(folder["images"], DatasetPart.Test, options);
        IDataSource arrays = Datasets.Open(
            folder["set.npz"],
            DataRoot.Resolve(),
            DatasetPart.Test,
            new DatasetOptions { Images = options }
        );
        Assert.Equal(files.Read([0]).Inputs[0].Array<byte>(), arrays.Read([0]).Inputs[0].Array<byte>());
        Assert.Equal([1L], arrays.Read([0]).Targets[0].Array<long>());
        Assert.Equal(files.Inputs[0].Shape, arrays.Inputs[0].Shape);
        Assert.Equal(arrays.Inputs[0].Shape, arrays.Take([0]).Inputs[0].Shape);
    }

    [Theory]
    [InlineData(1, 3, 8, 8, "takes 8x8")]
    [InlineData(1, 3, -1, 8, "takes ?x8")]
    [InlineData(1, 8, 8, 3, "takes 8x8")]
    [InlineData(1, 3, -1, -1, null)]
    [InlineData(1, 3, 6, 9, null)]
    public void A_size_that_the_network_does_not_take_is_said_when_data_are_opened(
        int n,
        int a,
        int b,
        int c,
        string? said
    )
    {
        folder.Write("images/a.png", ImageFixtures.Encoded(6, 9));
        var input = new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(n, a, b, c)));
        var options = new DatasetOptions { Images = new ImageOptions { Limits = ImageLimits.Of([input]) } };
        IDataSource Opened() => Datasets.Open(folder["images"], DataRoot.Resolve(), DatasetPart.Test, options);
        if (said is null)
            Assert.Equal(new Shape(3, 6, 9), Opened().Inputs[0].Shape);
        else
            Assert.Contains(
                $"are 6x9 (height x width), and input 'x' {said}",
                Assert.Throws<ImageSizeException>(Opened).Message
            );
    }

    private static ImageSource Open(string path, ImageSizing? sizing = null, bool skips = false) =>
        ImageSource.Open(
            path,
            DatasetPart.Test,
            new ImageOptions { Sizing = sizing ?? ImageSizing.None, SkipsUnreadable = skips }
        );
}
