using System.Text.Json;
using Decant.Benchmarking;
using Decant.Cli.Screen;
using Decant.Data;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Reports;
using Decant.Sensitivity;
using Decant.Speed;
using Decant.Tests.Runs;
using Spectre.Console;
using Xunit;

namespace Decant.Tests.Reports;

/// <summary>What people see of documents, as it is: terminals of 80 columns, pipes, and Markdown.</summary>
public sealed class ReportDocumentTests
{
    private const int Columns = 80;

    private static readonly LayerReport Fc1 =
            new("fc1.weight", "300×784", "linear", 235_200, 230_001, 8, 235_200, 197_512),
        Fc2 = new("fc2.weight", "10×300", "linear", 3_000, 3_000, 8, 3_000, 2_671);

    private static readonly CompressionReport Compressed = new(
        "lenet.dcnt",
        201_034,
        4.7,
        Top1(0.9772),
        Top1(0.9690),
        [
            new StageReport("reference", 902_113, Top1(0.9772), [Fc1, Fc2]),
            new StageReport("quantize", 201_034, Top1(0.9690), [Fc1, Fc2]),
        ]
    )
    {
        Task = "classification",
        Notes = ["slower than the original: 1.80x its time (1.70 to 1.90) on this processor, one thread"],
    };

    private static readonly QuantizationResult Quantized = new(
        new QuantizationOptions(),
        TinyRun.Network(),
        new Pipeline { Name = "quantize", Stages = [] },
        Compressed,
        [
            new LayerError("fc1", "fc1.weight", 8, 51.34, 56.9),
            new LayerError("fc2", "fc2.weight", 8, double.PositiveInfinity, 48),
        ]
    );

    private static readonly SpeedReport Speed = new(
        "a/lenet.dcnt",
        1,
        2,
        [
            new ContenderReport(
                "runtime",
                new Timing(0.0655, 0.0632, 0.096, 5520),
                new Timing(617, 600, 630, 5),
                17_320,
                58_800_000
            ),
            new ContenderReport("onnxruntime", new Timing(0.12, 0.11, 0.13, 4000), new Timing(17, 16, 18, 5), 0, null),
        ],
        new Timing(0.55, 0.5, 0.6, 20),
        new Timing(36, 35, 37, 5),
        1.5e-6,
        new Timing(1.3, 1.2, 1.4, 20),
        [
            new LayerTime("conv1", "Conv", "int8, images of bytes", 0.0287, 0.455, 288_000),
            new LayerTime(
                "a/name/as/long/as/those/of/exporters/conv2.quantized",
                "QuantizeLinear",
                "kernel",
                0.0017,
                0.027,
                0
            ),
        ],
        new Conditions("Some Processor 9000", 8, 0.5, "AVX2, FMA", ".NET 10.0", "1.20")
    );

    [Fact]
    public void AQuantizationAtEightyColumns() =>
        Assert.Equal(
            """
            ╭-----┬----------┬----┬-------┬------------------┬--------------╮
            │layer│weight    │bits│SQNR dB│output SQNR, alone│              │
            ├-----┼----------┼----┼-------┼------------------┼--------------┤
            │fc1  │fc1.weight│   8│   51.3│              56.9│              │
            │fc2  │fc2.weight│   8│  exact│              48.0│most sensitive│
            ╰-----┴----------┴----┴-------┴------------------┴--------------╯
            lenet.dcnt: 201,034 bytes, 4.7x smaller than 32-bit floats, top-1 97.72 % →
            96.90 %
            slower than the original: 1.80x its time (1.70 to 1.90) on this processor, one
            thread

            """,
            Terminal(Quantized.ToDocument()).Replace('─', '-')
        );

    [Fact]
    public void ACompressionInAPipe() =>
        Assert.Equal(
            """
                                    after quantize
            +------------+------------+----------+-------+------+---------+
            | weight     | parameters | non-zero |     % | bits |   bytes |
            |------------+------------+----------+-------+------+---------|
            | fc1.weight |    235,200 |  230,001 |  97.8 |    8 | 197,512 |
            """,
            string.Join('\n', Terminal(Compressed.ToDocument(), 200, toPipe: true).Split('\n').Take(5))
        );

    [Fact]
    public void ACompressionAsMarkdown() =>
        Assert.Equal(
            """
            **after quantize**

            | weight | parameters | non-zero | % | bits | bytes |
            | --- | ---: | ---: | ---: | ---: | ---: |
            | fc1.weight | 235,200 | 230,001 | 97.8 | 8 | 197,512 |
            | fc2.weight | 3,000 | 3,000 | 100.0 | 8 | 2,671 |
            | whole file | 238,200 | 233,001 | 97.8 |  | 201,034 |

            | stage | file bytes | ratio | top-1 % |
            | --- | ---: | ---: | ---: |
            | reference | 902,113 | 1.1x | 97.72 |
            | quantize | 201,034 | 4.7x | 96.90 |

            lenet.dcnt: 201,034 bytes, 4.7x smaller than 32-bit floats, top-1 97.72 % → 96.90 %

            slower than the original: 1.80x its time (1.70 to 1.90) on this processor, one thread

            """,
            MarkdownReport.Of(Compressed.ToDocument())
        );

    [Fact]
    public void MarkdownLeavesTextsAsTheyAre() =>
        Assert.Equal(
            """
            | a\_b | n |
            | --- | ---: |
            | \*\|x | 1 |

            """,
            MarkdownReport.Of(
                new ReportDocument(
                    0,
                    ReportTable.Of(
                        ["a_b", "n"],
                        [
                            ["*|x", "1"],
                        ]
                    )
                )
            )
        );

    [Fact]
    public void JsonHoldsTheDataAsNumbers()
    {
        JsonElement json = JsonDocument.Parse(JsonReport.Of(Quantized.ToDocument())).RootElement;
        Assert.Equal(201_034, json.GetProperty("report").GetProperty("bytes").GetInt64());
        Assert.Equal(56.9, json.GetProperty("errors")[0].GetProperty("aloneSqnr").GetDouble());
        Assert.Equal("Infinity", json.GetProperty("errors")[1].GetProperty("sqnr").GetString());
    }

    [Fact]
    public void EveryReportFitsEightyColumns()
    {
        var curve = new SensitivityCurve(
            "conv1.weight",
            500_000,
            ["conv1.weight"],
            [.. new[] { 0, 0.5, 0.9, 0.95, 0.99 }.Select(l => new SensitivityPoint(l, 10, Top1(1 - l / 2)))]
        );
        ReportDocument[] all =
        [
            Compressed.ToDocument(),
            Quantized.ToDocument(),
            Speed.ToDocument(),
            NetworkReport.Of(Models.Load("zoo:lenet-5")).ToDocument(),
            SensitivityDocument.Of(new SensitivityReport("mnist", 1, Top1(0.98), false, [curve]), "lenet.sensitivity"),
            ResultRow.Document([
                ResultRow.AtMost("LeNet-300-100, file of the whole network", 26_512.4, 27_000, 25_000, "bytes"),
            ]),
        ];
        Assert.All(all.SelectMany(d => Terminal(d).Split('\n')), line =>
            Assert.True(line.TrimEnd().Length <= Columns, line)
        );
    }

    [Fact]
    public void HeadingsWrapOnlyWhereTheTableWouldNotFit()
    {
        var narrow = new ReportDocument(
            0,
            ReportTable.Of(
                ["name", "one two"],
                [
                    ["a", "1"],
                ]
            )
        );
        Assert.Contains("one two", Terminal(narrow), StringComparison.Ordinal);
        var broad = new ReportDocument(
            0,
            ReportTable.Of(
                ["name", "one two"],
                [
                    [new string('a', 76), "1"],
                ]
            )
        );
        Assert.DoesNotContain("one two", Terminal(broad), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() =>
            ReportTable.Of(
                ["a", "b"],
                [
                    ["1"],
                ]
            )
        );
    }

    private static string Terminal(ReportDocument document, int width = Columns, bool toPipe = false)
    {
        var text = new StringWriter { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(text),
            }
        );
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        TerminalReport.Print(document, console, toPipe);
        return string.Join('\n', text.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd()));
    }

    private static Score Top1(double value) =>
        new([new MetricValue("top-1", value, "%", MetricDirection.HigherIsBetter)], 10_000);
}
