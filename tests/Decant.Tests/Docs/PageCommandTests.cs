using System.Diagnostics;
using System.IO.Compression;
using Decant.Core;
using Decant.Data;
using Decant.Formats.Npy;
using Decant.Tests.Cli;
using Decant.Tests.Data;
using Decant.Tests.Data.Audio;
using Decant.Tests.Data.Images;
using Decant.Tests.Data.Text;
using Decant.Tests.Formats.Onnx;
using Decant.Tests.Formats.PyTorch;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Docs;

/// <summary>
/// The commands of every page run as they stand, one after the other, in a folder where the models and data sets that
/// they name are small ones. Only bench is told to measure for a shorter time.
/// </summary>
public sealed class PageCommandTests : IDisposable
{
    private const int TrainImages = 300,
        TestImages = 100;

    // What a test cannot do, and who does.
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["./dev demo"] = "takes minutes; train and compress of README.md are the same work",
        ["./dev test"] = "this run is one",
        ["DECANT_LIBTORCH=/opt/torch ./dev build"] = "every run is built by it",
        ["--device cuda"] = "CudaTests, where there is a device",
        ["decant data get"] = "DatasetDownloadTests: nothing outside is asked",
        ["decant reproduce"] = "the tests of each experiment, in its quick form",
        ["--recipe resnet-pruning"] = "takes hours; ShippedRecipeTests reads it",
        ["./dev bench"] = "a benchmark measures a machine that is quiet",
        ["dotnet publish"] = "./dev native",
        ["out/AotClassify"] = "./dev native",
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Pages() =>
        [.. CodeBlock.Of("sh").Select(b => b.Page).Distinct().Where(page => Commands(page).Any())];

    [SkippableTheory]
    [MemberData(nameof(Pages))]
    public void CommandsRunAsTheyStand(string page)
    {
        Skip.If(Decant.Torch.LibTorch.Problem is { }, Decant.Torch.LibTorch.Problem);
        Fill();
        foreach (string command in Commands(page))
            Run(command);
    }

    [Fact]
    public void WhatRunsElsewhereIsOnSomePage() =>
        Assert.All(Elsewhere.Keys, part =>
            Assert.Contains(CodeBlock.Of("sh"), b => b.Text.Contains(part, StringComparison.Ordinal))
        );

    private static IEnumerable<string> Commands(string page) =>
        CodeBlock
            .Of("sh")
            .Where(b => b.Page == page)
            .SelectMany(b => CodeBlockTests.Lines(b.Text))
            .Where(line => !Elsewhere.Keys.Any(part => line.Contains(part, StringComparison.Ordinal)));

    private void Run(string command)
    {
        string[] words = [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries).SkipWhile(w => w == "./dev")];
        Assert.Equal("decant", words[0]);
        string[] shorter = words[1] == "bench" ? ["--runs", "20"] : [];
        var start = new ProcessStartInfo("dotnet", [CommandLine.Dll, .. words[1..], .. shorter])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder.Path,
        };
        start.Environment["DECANT_DATA"] = folder["data"];
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command}: {error}{output.Result}");
        int named = Array.FindIndex(words, w => w is "-o");
        if (named > 0)
            Assert.True(Path.Exists(folder[words[named + 1]]), $"{command} made no {words[named + 1]}");
    }

    /// <summary>Models and data of the names that pages use.</summary>
    private void Fill()
    {
        LabelledImages digits = Digits.Make(TrainImages + TestImages);
        WriteMnist(digits.First(TrainImages), "train");
        WriteMnist(digits.Take([.. Enumerable.Range(TrainImages, TestImages)]), "t10k");
        WriteCifar("data_batch_1.bin", TrainImages);
        WriteCifar("test_batch.bin", TestImages);
        Models.Save(Architectures.Create("lenet-300-100", 1), folder["lenet.onnx"]);
        Models.Save(Architectures.Create("lenet-5", 1), folder["lenet.dcnt"]);
        foreach (string name in new[] { "resnet20", "squeezenet", "small", "large" })
            Models.Save(Colours(name), folder[$"{name}.onnx"]);
        File.WriteAllBytes(folder["vad.onnx"], Voice());
        File.WriteAllBytes(folder["denoiser.onnx"], Denoiser());
        Models.Save(Colours("classifier", 224, 224), folder["classifier.onnx"]);
        Models.Save(Colours("detector", 240, 320), folder["detector.onnx"]);
        foreach (string name in new[] { "cat/a.png", "cat/b.png", "dog/c.png" })
            folder.Write($"photos/{name}", ImageFixtures.Encoded(260, 300));
        short[] samples = [.. Enumerable.Range(0, 4000).Select(t => (short)(t * t))];
        for (int i = 0; i < 2; i++)
            folder.Write($"speech/{i}.wav", WavFixtures.Integers(samples));
        Models.Save(Colours("squeezenet"), folder["squeezenet.dcnt"]);
        Models.Save(Colours("resnet20"), folder["resnet20-int8.dcnt"]);
        Models.Save(TextNetwork.Of(300, 40, 6), folder["minilm-l6.onnx"]);
        NpzWriter.Save(
            [new("ids", Tensor.Of(new Shape(40, 5), [.. Enumerable.Range(0, 200).Select(i => 7L * i % 300)]))],
            folder["ids.npz"]
        );
        NpyWriter.Save(Tensor.Zeros(ElementType.Float32, new Shape(1, 1, 28, 28)), folder["x.npy"]);
        foreach (string name in new[] { "calibration.npz", "val.npz" })
            NpzWriter.Save([new("x", Pixels(TestImages)), new("y", Tensor.Vector(new int[TestImages]))], folder[name]);
        Models.Save(TextFixtures.Layered(), folder["minilm.onnx"]);
        TextFixtures.Tokenizer(folder);
        foreach (string part in new[] { "train", "test" })
            folder.Write($"data/sts-b/sts-{part}.tsv", TextFixtures.Pairs);
        TaskFiles.Write(folder);
        folder.Write("sentences.txt", "the cat sits\na dog is running!\n"u8.ToArray());
        AtomicFile.Write(
            folder["thin.yaml"],
            "{recipe: thin, techniques: {teach: {technique: knowledge-distillation, labels: 0}}, "
                + "stages: [{name: tune, use: teach, epochs: 1}]}"
        );
        folder.Write("resnet20-12fca82f.th", StateFile.Legacy([.. State("resnet20")]));
        AtomicFile.Write(
            folder["distilled.yaml"],
            "{recipe: distilled, techniques: {teach: {technique: knowledge-distillation, from: teacher}}, "
                + "stages: [{name: tune, use: teach, epochs: 1}]}"
        );
    }

    /// <summary>Two networks in one, of which an input chooses.</summary>
    private static byte[] Voice()
    {
        OnnxModelBuilder Rate(string type) => new OnnxModelBuilder().Node(type, "input", "z").Output("z", "N", "T");
        return new OnnxModelBuilder()
            .Input("input", "N", "T")
            .Input("state", 2, "N", 128)
            .Input("sr", ElementType.Int64)
            .Weight("high", Tensor.Scalar(16000L))
            .Node("Equal", "sr high", "fast")
            .Node("If", "fast", "y", ("then_branch", Rate("Relu")), ("else_branch", Rate("Tanh")))
            .Node("Tanh", "state", "next")
            .Output("y", "N", "T")
            .Output("next", 2, "N", 128)
            .Build();
    }

    /// <summary>A layer on magnitudes and on what it kept of the frame before.</summary>
    private static byte[] Denoiser()
    {
        float[] weight = [.. Enumerable.Range(0, 257 * 257).Select(i => MathF.Sin(i))];
        return new OnnxModelBuilder()
            .Input("frame", 1, 1, 257)
            .Input("memory", 1, 1, 257)
            .Weight("weight", Tensor.Of(new Shape(257, 257), weight))
            .Node("Add", "frame memory", "both")
            .Node("MatMul", "both weight", "product")
            .Node("Sigmoid", "product", "mask")
            .Node("Tanh", "product", "kept")
            .Output("mask", 1, 1, 257)
            .Output("kept", 1, 1, 257)
            .Build();
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> State(string architecture) =>
        Architectures
            .Create(architecture, 8)
            .Weights.Where(w => !w.Name.Contains(".shortcut.", StringComparison.Ordinal))
            .Select(w => KeyValuePair.Create(w.Name, w.Encoding.Decode()));

    private static Network Colours(string name, int height = 32, int width = 32) =>
        new NetworkBuilder(name, 1, new Shape(Shape.Unknown, 3, height, width))
            .PaddedConv("conv1", 8, 3, stride: 2)
            .Relu("relu1")
            .PaddedConv("conv2", 8, 3, stride: 2)
            .Relu("relu2")
            .GlobalAveragePool("pool")
            .Flatten("flat")
            .Gemm("fc", 10)
            .Build();

    private static Tensor Pixels(int count)
    {
        Rng rng = Rng.For(1, "pages", count);
        var pixels = new byte[count * 3 * 32 * 32];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)rng.Next(256);
        return Tensor.Of(new Shape(count, 3, 32, 32), pixels);
    }

    private void WriteCifar(string name, int count)
    {
        const int Size = 3 * 32 * 32;
        ReadOnlySpan<byte> pixels = Pixels(count).Bytes();
        var records = new byte[count * (Size + 1)];
        for (int i = 0; i < count; i++)
        {
            records[i * (Size + 1)] = (byte)(i % 10);
            pixels.Slice(i * Size, Size).CopyTo(records.AsSpan(i * (Size + 1) + 1));
        }
        folder.Write($"data/cifar-10/{name}", records);
    }

    private void WriteMnist(LabelledImages digits, string stem)
    {
        byte count0 = (byte)(digits.Count >> 8),
            count1 = (byte)digits.Count;
        folder.Write(
            $"data/mnist/{stem}-images-idx3-ubyte",
            [0, 0, 8, 3, 0, 0, count0, count1, 0, 0, 0, 28, 0, 0, 0, 28, .. digits.Images.Bytes()]
        );
        folder.Write(
            $"data/mnist/{stem}-labels-idx1-ubyte",
            [0, 0, 8, 1, 0, 0, count0, count1, .. digits.Labels.Select(label => (byte)label)]
        );
    }
}
