using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Decant.Core;
using Decant.Data;
using Decant.Quantization;
using Decant.Runs;
using Decant.Runtime;
using Decant.Zoo;
using Xunit;

namespace Decant.Examples;

/// <summary>A line an example: values with commas between, the last of them the example's class.</summary>
public sealed class CsvSource : IDataSource
{
    private readonly ImmutableArray<string> lines;

    /// <summary>Takes the lines of a file.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="lines">The lines, all of as many values.</param>
    /// <param name="features">How many values a line has before its class.</param>
    /// <param name="classes">How many classes there are.</param>
    public CsvSource(string name, IEnumerable<string> lines, int features, int classes)
    {
        (Name, this.lines) = (name, [.. lines]);
        Inputs = [new DataField("features", ElementType.Float32, new Shape(features))];
        Targets = [new DataField("class", ElementType.Int64, Shape.Scalar) { Classes = classes }];
        byte[] text = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', this.lines));
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(text));
    }

    public string Name { get; }

    public int Count => lines.Length;

    public ImmutableArray<DataField> Inputs { get; }

    public ImmutableArray<DataField> Targets { get; }

    public string Fingerprint { get; }

    public Batch Read(ReadOnlySpan<int> indices)
    {
        int features = Inputs[0].Shape[0];
        var inputs = new float[indices.Length * features];
        var classes = new long[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            float[] values = Parse(indices[i]);
            values.AsSpan(0, features).CopyTo(inputs.AsSpan(i * features));
            classes[i] = (long)values[features];
        }
        return new Batch(
            indices.Length,
            [Tensor.Of(new Shape(indices.Length, features), inputs)],
            [Tensor.Vector(classes)]
        );
    }

    public IDataSource Take(ReadOnlySpan<int> indices)
    {
        string[] taken = [.. indices.ToArray().Select(Line)];
        return new CsvSource(Name, taken, Inputs[0].Shape[0], Targets[0].Classes!.Value);
    }

    private float[] Parse(int index)
    {
        string[] fields = Line(index).Split(',');
        var values = new float[fields.Length];
        int expected = Inputs[0].Shape[0] + 1;
        for (int i = 0; i < fields.Length; i++)
            if (!float.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]))
                throw new DataException($"{Name}, line {index + 1}: '{fields[i]}' is no number");
        return values.Length == expected
            ? values
            : throw new DataException($"{Name}, line {index + 1}: {values.Length} values instead of {expected}");
    }

    private string Line(int index) =>
        (uint)index < (uint)Count
            ? lines[index]
            : throw new DataException($"data set '{Name}' has {Count} lines; there is no line {index + 1}");
}

public sealed class CsvSourceTests
{
    // The class is 1 where the first number is the larger; the last line says otherwise.
    private static readonly CsvSource Data = new(
        "larger.csv",
        ["0.5,0.25,1", "-1,2,0", "3,1e-3,1", "0,-0.5,0"],
        features: 2,
        classes: 2
    );

    // Output 0 is the second number, output 1 the first.
    private static readonly Network Comparison = new NetworkBuilder("larger", seed: 1, new Shape(Shape.Unknown, 2))
        .Gemm("fc", 2)
        .Build()
        .With(
            new Dictionary<string, Encoding>
            {
                ["fc.weight"] = new DenseEncoding(Tensor.Of<float>(new Shape(2, 2), [0, 1, 1, 0])),
                ["fc.bias"] = new DenseEncoding(Tensor.Vector(0f, 0f)),
            }
        );

    [Fact]
    public void ANetworkIsScoredOnIt()
    {
        using InferenceSession session = new InferenceModel(Comparison).CreateSession();
        var task = LearningTasks.For(Comparison, Data);
        Score score = task.Evaluate(Comparison, session, Data, Preprocessing.None);
        Assert.Equal("classification", task.Name);
        Assert.Equal(0.75, score["top-1"]);
        Assert.Equal(1, task.Evaluate(Comparison, session, Data.First(3), Preprocessing.None)["top-1"]);
    }

    [Fact]
    public void ANetworkIsQuantizedByIt()
    {
        var quantization = new PostTrainingQuantization(
            new QuantizationOptions { WeightBits = 8, ActivationBits = 8 },
            new CompressionOptions { Train = Data, Test = Data }
        );
        QuantizationResult result = quantization.Run(Comparison, file: null);
        Assert.IsType<LinearEncoding>(result.Network.Weights["fc.weight"].Encoding);
        Assert.Equal((0.75, 0.75), (result.Report.Before!["top-1"], result.Report.After!["top-1"]));
    }

    [Fact]
    public void ItIsCutInTwo()
    {
        var (train, heldOut) = ((IDataSource)Data).Split(1, seed: 1);
        Assert.Equal((3, 1), (train.Count, heldOut.Count));
        Assert.NotEqual(Data.Fingerprint, train.Fingerprint);
    }

    [Theory]
    [InlineData("1,two,0", "larger.csv, line 1: 'two' is no number")]
    [InlineData("1,0", "larger.csv, line 1: 2 values instead of 3")]
    public void ALineThatIsWrongIsNamed(string line, string message)
    {
        var source = new CsvSource("larger.csv", [line], features: 2, classes: 2);
        Assert.Equal(message, Assert.Throws<DataException>(() => source.Read([0])).Message);
    }
}
