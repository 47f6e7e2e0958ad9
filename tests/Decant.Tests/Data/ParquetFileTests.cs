using Decant.Core;
using Decant.Data;
using Parquet;
using Parquet.Schema;
using Xunit;
using ParquetField = Parquet.Schema.DataField;

namespace Decant.Tests.Data;

public sealed class ParquetFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Columns_of_values_and_of_lists_are_arrays()
    {
        var ids = new global::Parquet.Schema.DataField<long>("ids");
        var x = new global::Parquet.Schema.DataField<float>("element");
        var label = new global::Parquet.Schema.DataField<int>("label");
        var text = new ParquetField("text", typeof(string));
        var schema = new ParquetSchema(ids, new ListField("x", new ListField("element", x)), label, text);
        await Write("set.parquet", schema, async group =>
        {
            await group.WriteAsync<long>(ids, new long[] { 7, 8 });
            await WriteLists(group, x, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [0, 2, 1, 2, 1, 2, 0, 2, 1, 2, 1, 2]);
            await group.WriteAsync<int>(label, new[] { 1, 0 });
            await group.WriteAsync(text, new[] { "a", "b" });
        });
        IDataSource source = Open();
        Assert.Equal(["'ids' Int64 scalar", "'x' Float32 3×2"], source.Inputs.Select(f => $"{f}"));
        Batch second = source.Read([1]);
        Assert.Equal([8L], second.Inputs[0].Array<long>());
        Assert.Equal([7f, 8, 9, 10, 11, 12], second.Inputs[1].Array<float>());
        Assert.Equal([0], second.Targets.Single().Array<int>());
        Assert.Contains("columns text hold no values", source.Notes.Single());
    }

    [Fact]
    public async Task Lists_of_several_lengths_and_missing_values_are_refused()
    {
        var x = new global::Parquet.Schema.DataField<float>("element");
        await Write("set.parquet", new ParquetSchema(new ListField("x", x)), group =>
            WriteLists(group, x, [1, 2, 3], [0, 1, 0])
        );
        Assert.Contains("column 'x' has lists of several lengths", Assert.Throws<DataException>(Open).Message);
        var y = new global::Parquet.Schema.DataField<float>("y", nullable: true);
        await Write("set.parquet", new ParquetSchema(y), async group =>
            await group.WriteAsync<float>(y, new float?[] { 1f, null, 3 })
        );
        Assert.Contains("column 'y' lacks values in some rows", Assert.Throws<DataException>(Open).Message);
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        folder.Write("set.parquet", "PAR1 and no more PAR1"u8.ToArray());
        Assert.Contains("cannot be read as Parquet", Assert.Throws<DataException>(Open).Message);
        File.Delete(folder["set.parquet"]);
        Assert.Contains("there is no data set file", Assert.Throws<DataException>(Open).Message);
    }

    private IDataSource Open() => Datasets.Open(folder["set.parquet"], DataRoot.Resolve(folder.Path), DatasetPart.Test);

    /// <summary>Writes lists none of whose values is missing.</summary>
    private static Task WriteLists(ParquetRowGroupWriter group, ParquetField field, float[] values, int[] levels)
    {
        int[] definitions = new int[values.Length];
        Array.Fill(definitions, field.MaxDefinitionLevel);
        return group.WriteAllPartsAsync<float>(field, values, definitions, levels, default);
    }

    private async Task Write(string name, ParquetSchema schema, Func<ParquetRowGroupWriter, Task> columns)
    {
        await using FileStream file = File.Create(folder[name]);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file);
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        await columns(group);
    }
}
