using Microsoft.ML;
using Xunit;

namespace Tdv.MLNet.Tests.MLNet;

public sealed class SaveAtomicallyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_saved_loads_with_its_schema()
    {
        var (model, schema) = Model();

        _ml.Model.SaveAtomically(model, schema, _folder["models/model.zip"]);
        var loaded = _ml.Model.Load(_folder["models/model.zip"], out var input);

        Assert.Equal(["Value"], input.Select(column => column.Name));
        Assert.NotNull(loaded.GetOutputSchema(input).GetColumnOrNull("Copy"));
        Assert.Equal([_folder["models/model.zip"]], Directory.GetFiles(_folder["models"]));
    }

    [Fact]
    public void A_model_that_cannot_be_saved_leaves_the_one_before()
    {
        _folder.Write("model.zip", "a good model");
        string before = File.ReadAllText(_folder["model.zip"]);

        Assert.ThrowsAny<Exception>(() => _ml.Model.SaveAtomically(new Unsavable(), null, _folder["model.zip"]));

        Assert.Equal(before, File.ReadAllText(_folder["model.zip"]));
        Assert.Single(Directory.GetFiles(_folder.FullName));
    }

    private (ITransformer Model, DataViewSchema Schema) Model()
    {
        var rows = _ml.Data.LoadFromEnumerable([new Row { Value = 1 }]);
        return (_ml.Transforms.CopyColumns("Copy", "Value").Fit(rows), rows.Schema);
    }

    private sealed class Row
    {
        public float Value { get; set; }
    }

    /// <summary>Writes an entry, then fails as a full disk does.</summary>
    private sealed class Unsavable : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public Microsoft.ML.Data.IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
            throw new NotSupportedException();

        public IDataView Transform(IDataView input) => input;

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new IOException("No space left on device");
    }
}
