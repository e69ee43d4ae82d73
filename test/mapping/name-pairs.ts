/**
 * Pairs of names as a vendor and as the PSA write them, with the mail domains that either side knows, written before
 * the code that judges them. Half of them are the same company; the others only look it.
 */
export type NamePair = {
  vendor: string;
  company: string;
  same: boolean;
  /** Mail domains at the vendor, and those that the company is known by. */
  domains?: [vendor: string[], company: string[]];
};

const same = (vendor: string, company: string, domains?: NamePair['domains']): NamePair => ({
  vendor,
  company,
  same: true,
  ...(domains === undefined ? {} : { domains }),
});

const lookAlike = (vendor: string, company: string, domains?: NamePair['domains']): NamePair => ({
  ...same(vendor, company, domains),
  same: false,
});

export const NAME_PAIRS: readonly NamePair[] = [
  // The same company
  same('Brightwater Foods Limited', 'Brightwater Foods Ltd'),
  same('BRIGHTMOOR LOGISTICS LTD.', 'Brightmoor Logistics Ltd', [['brightmoor.co.uk'], ['brightmoor.co.uk']]),
  same('The Copper Kettle, LLC', 'Copper Kettle'),
  same('Dunmore & Hale Solicitors', 'Dunmore and Hale Solicitors'),
  same('Müller Werkzeugbau GmbH', 'Muller Werkzeugbau', [['mueller-werkzeugbau.de'], ['mueller-werkzeugbau.de']]),
  same('Kaltenbach Holz GmbH & Co. KG', 'Kaltenbach Holz GmbH & Co KG'),
  same('Van der Linden Transport B.V.', 'Van der Linden Transport BV'),
  same('Coolabah Earthmoving Pty Ltd', 'Coolabah Earthmoving Pty. Limited', [['coolabah.com.au'], ['coolabah.com.au']]),
  same('Järvinen Rakennus Oy', 'Jarvinen Rakennus'),
  same('Håkanssons Måleri AB', 'Hakanssons Maleri AB'),
  same('Panificio Bellini S.r.l.', 'Panificio Bellini SRL', [['panificiobellini.it'], ['panificiobellini.it']]),
  same('Kék Duna Kft.', 'Kek Duna Kft'),
  same('Cafetería Dos Ríos S.A.', 'Cafeteria Dos Rios', [['dosrios.com.mx'], ['dosrios.com.mx']]),
  same('Boulangerie Lefèvre SARL', 'Boulangerie Lefevre S.A.R.L.'),
  same('O’Rourke Plumbing Inc', "O'Rourke Plumbing, Inc."),
  same('Tamarack Dental P.C.', 'Tamarack Dental', [
    ['tamarackdental.com', 'tamarack.onmicrosoft.com'],
    ['tamarackdental.com'],
  ]),
  same('Sierra-Vista Roofing', 'Sierra Vista Roofing Inc.'),
  same('Oakhurst Veterinary Clinic, PLLC', 'Oakhurst Veterinary Clinic'),
  same('Lisboa Azulejos, Lda.', 'Lisboa Azulejos Lda'),
  same('Nordlys Regnskap AS', 'Nordlys Regnskap'),
  same('Wrocław Maszyny Sp. z o.o.', 'Wroclaw Maszyny sp z oo'),
  same('St. Brendan’s Primary School', 'St Brendans Primary School'),
  same('Fairweather Charitable Trust (FCT)', 'Fairweather Charitable Trust'),
  same('Contoso - Head Office', 'Contoso'),
  same('HLG', 'Harbour Lane Garage Ltd', [['harbourlanegarage.co.nz'], ['harbourlanegarage.co.nz']]),
  same('Smith, John & Sons', 'John Smith & Sons'),
  same('Acorn Nurseries t/a GreenThumb', 'Acorn Nurseries Ltd'),
  same('Pemberton Archtects', 'Pemberton Architects', [
    ['pemberton-arch.com'],
    ['pemberton-arch.com', 'pembertonarchitects.com'],
  ]),
  same('Zürcher Uhren AG', 'Zuercher Uhren AG'),
  same('ELMWOOD PROPERTY GROUP', 'Elmwood Property Group LLP'),

  // Look-alikes
  lookAlike('Contoso UK', 'Contoso US'),
  lookAlike('Contoso Ltd', 'Contoso GmbH'),
  lookAlike('Hazelwood Accounting', 'Hazelwood Accounting Group'),
  lookAlike('Riverside Dental', 'Riverside Dental Care', [['riverside-dental.com'], ['riversidedentalcare.com']]),
  lookAlike('Summit Electric Inc', 'Summit Electric LLC'),
  lookAlike('First Baptist Church of Alden', 'First Baptist Church of Arden'),
  lookAlike('Anderson & Sons', 'Andersen & Sons', [['gmail.com'], ['gmail.com']]),
  lookAlike('Northfield School District 12', 'Northfield School District 21'),
  lookAlike('Meridian Wealth Partners', 'Meridian Health Partners', [
    ['meridian.onmicrosoft.com'],
    ['meridianhp.onmicrosoft.com'],
  ]),
  lookAlike('Delta Plumbing', 'Delta Plumbing Supplies', [['outlook.com'], ['outlook.com']]),
  lookAlike('Kestrel Freight Pty Ltd', 'Kestrel Freight Ltd'),
  lookAlike('Aurora Foods AB', 'Aurora Foods Oy'),
  lookAlike('Vega Servicios S.A.', 'Vega Servicios S.L.'),
  lookAlike('Blue Heron Travel', 'Blue Heron Travels Holding'),
  lookAlike('Castle Motors (North)', 'Castle Motors (South)', [['castlemotors.co.uk'], ['castle-motors.co.uk']]),
  lookAlike('Lakeview Chiropractic 2', 'Lakeview Chiropractic'),
  lookAlike('MacAllister Law', 'McAllister Law'),
  lookAlike('Stone Bridge Capital', 'Stonebridge Capital', [['stonebridgecap.com'], ['sbcapital.com']]),
  lookAlike('Weber Elektro GmbH', 'Weber Elektro AG'),
  lookAlike('Ferrari Impianti S.p.A.', 'Ferrari Impianti S.r.l.'),
  lookAlike('Janssen Installatie B.V.', 'Janssens Installatie NV'),
  lookAlike('Orchard Primary Care', 'Orchard Primary School'),
  lookAlike('Dubois Conseil SARL', 'Dubois Conseil SAS'),
  lookAlike('Nagy és Társa Kft', 'Nagy és Társa Bt'),
  lookAlike('GreenLeaf Landscaping', 'Green Leaf Landscaping', [['greenleaf.ca'], ['greenleaf.com']]),
  lookAlike('Harbor Point Yoga', 'Harbor Pointe Yoga'),
  lookAlike('Larsen Byg ApS', 'Larsen Byg A/S', [['larsenbyg.dk'], ['larsen-byg.dk']]),
  lookAlike('Trident Marine Inc', 'Trident Marine Services Inc'),
  lookAlike('City of Brookfield', 'Brookfield City Properties', [['brookfield.gov'], ['brookfieldcity.com']]),
  lookAlike('Sunrise Senior Living', 'Sunset Senior Living'),
];
